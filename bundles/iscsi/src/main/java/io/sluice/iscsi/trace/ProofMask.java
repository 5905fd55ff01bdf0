package io.sluice.iscsi.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Puts stars in the place of what proves who somebody is, in the text of a login (RFC 7143 12.1.3): the values of all keys of CHAP
 * but the algorithm. A value may begin in one PDU and end in a later one, and so may a key.
 */
final class ProofMask {

    private static final byte STAR = '*';
    private static final String PROOF = "CHAP_";
    private static final String ALGORITHM = "CHAP_A";
    private static final int LONGEST_KEY = 8;

    private final byte[] key = new byte[LONGEST_KEY];
    private int keyLength;
    private boolean inValue;
    private boolean masks;

    /** @param whole whether all is seen from the beginning; else the first value may be any */
    ProofMask(boolean whole) {
        inValue = !whole;
        masks = !whole;
    }

    /**
     * Masks a piece of text where it stands.
     *
     * @param goesOn whether more of the same text follows in the next PDU
     */
    void apply(byte[] text, boolean goesOn) {
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0) {
                begin();
            } else if (inValue) {
                text[i] = masks ? STAR : text[i];
            } else if (text[i] == '=') {
                inValue = true;
                masks = isProof();
            } else if (keyLength < LONGEST_KEY) {
                key[keyLength++] = text[i];
            }
        }
        if (!goesOn) {
            begin();
        }
    }

    private void begin() {
        keyLength = 0;
        inValue = false;
        masks = false;
    }

    private boolean isProof() {
        String name = new String(Arrays.copyOf(key, keyLength), StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        return name.startsWith(PROOF) && !name.equals(ALGORITHM);
    }
}
