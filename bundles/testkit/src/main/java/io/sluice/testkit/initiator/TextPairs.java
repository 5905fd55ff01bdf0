package io.sluice.testkit.initiator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Text keys in wire form (RFC 7143 6.1). */
public final class TextPairs {

    private TextPairs() {}

    /** Returns the wire form, in the map's order. */
    public static byte[] encode(Map<String, String> keys) {
        StringBuilder text = new StringBuilder();
        keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\0'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the pairs in order; of a key that comes more than once the last. */
    public static Map<String, String> decode(byte[] text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : new String(text, StandardCharsets.UTF_8).split("\0")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return pairs;
    }
}
