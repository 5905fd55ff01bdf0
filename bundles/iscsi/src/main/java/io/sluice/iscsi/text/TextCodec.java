package io.sluice.iscsi.text;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Text of login and text PDUs: {@code key=value} pairs that end with a zero byte (RFC 7143 6.1). */
public final class TextCodec {

    /** The longest text that is collected over several PDUs, in bytes. */
    public static final int MAX_TEXT_BYTES = 64 << 10;

    /** Letters, digits and a few marks (RFC 7143 6.1). */
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9.+@_/#-]{1,63}");

    private ByteArrayOutputStream collected = new ByteArrayOutputStream();

    /**
     * Adds the text of one PDU to what came before; a pair may be cut anywhere.
     *
     * @throws TextException if it gets too long
     */
    public void add(byte[] text) throws TextException {
        if (text.length > MAX_TEXT_BYTES - collected.size()) {
            throw new TextException("more than " + MAX_TEXT_BYTES + " bytes of text");
        }
        collected.writeBytes(text);
    }

    /**
     * Returns the pairs collected so far, in order, and begins anew.
     *
     * @throws TextException if a pair is malformed or a key comes twice
     */
    public Map<String, String> take() throws TextException {
        byte[] text = collected.toByteArray();
        // One that was emptied would keep the memory of the longest text.
        collected = new ByteArrayOutputStream();
        Map<String, String> pairs = new LinkedHashMap<>();
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                // Several zero bytes in a row are padding that some initiators count as data.
                if (i > start) {
                    put(pairs, text, start, i);
                }
                start = i + 1;
            }
        }
        if (start < text.length) {
            throw new TextException("text does not end with a zero byte");
        }
        return pairs;
    }

    private static void put(Map<String, String> pairs, byte[] text, int start, int end) throws TextException {
        String pair = decode(text, start, end);
        int equals = pair.indexOf('=');
        if (equals < 0 || !KEY.matcher(pair.substring(0, equals)).matches()) {
            throw new TextException("a pair without '=' or with a key that is not one");
        }
        int most = TextKey.maxValueBytes(pair.substring(0, equals));
        if (end - start - equals - 1 > most) {
            throw new TextException("the value of a key is longer than " + most + " bytes");
        }
        if (pairs.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
            throw new TextException("a key comes twice");
        }
    }

    private static String decode(byte[] text, int start, int end) throws TextException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text, start, end - start))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new TextException("text is not UTF-8");
        }
    }

    /** Returns pairs in wire form. */
    public static byte[] encode(Iterable<Map.Entry<String, String>> pairs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, String> pair : pairs) {
            out.writeBytes((pair.getKey() + "=" + pair.getValue()).getBytes(StandardCharsets.UTF_8));
            out.write(0);
        }
        return out.toByteArray();
    }
}
