package io.sluice.iscsi.auth;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Base64;
import org.junit.Test;

/** Binary values of text keys (RFC 7143 6.1). */
public final class LargeBinaryTest {

    @Test
    public void bothEncodings() throws AuthException {
        byte[] bytes = {0, 1, (byte) 0xAB, (byte) 0xFF};
        for (String text : new String[] {"0x0001abff", "0X0001ABFF", "0x0001aBfF", "0bAAGr/w==", "0BAAGr/w=="}) {
            assertArrayEquals(text, bytes, LargeBinary.decode("CHAP_R", text));
        }
        assertEquals("0x0001abff", LargeBinary.encode(bytes));
    }

    @Test
    public void anythingElseIsRefused() {
        String[] wrong = {
            "",
            "0",
            "0x",
            "0b",
            "0x0",
            "0x001",
            "0xzz",
            "0x 00",
            "0x-1",
            "00",
            "1234",
            "x00",
            "abcd",
            "0bAAGr/w",
            "0bAAGr/w=",
            "0bAAGr/x==",
            "0bAAGr_w==",
            "0bA",
            "0bAAGr/w==\n",
            "0b====",
            "0bAAGr/w==AAGr",
            "Reject",
            "None"
        };
        for (String text : wrong) {
            AuthException refused = assertThrows(text, AuthException.class, () -> LargeBinary.decode("CHAP_R", text));
            assertEquals(false, refused.brokenProtocol());
        }
    }

    @Test
    public void atMostAThousandAndTwentyFourBytes() throws AuthException {
        byte[] longest = new byte[1024];
        byte[] tooLong = new byte[1025];
        assertEquals(1024, LargeBinary.decode("CHAP_C", LargeBinary.encode(longest)).length);
        assertEquals(1024, LargeBinary.decode("CHAP_C", base64(longest)).length);
        assertThrows(AuthException.class, () -> LargeBinary.decode("CHAP_C", LargeBinary.encode(tooLong)));
        assertThrows(AuthException.class, () -> LargeBinary.decode("CHAP_C", base64(tooLong)));
    }

    private static String base64(byte[] bytes) {
        return "0b" + Base64.getEncoder().encodeToString(bytes);
    }
}
