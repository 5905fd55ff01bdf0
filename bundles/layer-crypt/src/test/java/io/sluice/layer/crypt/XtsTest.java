package io.sluice.layer.crypt;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.Test;

public class XtsTest {

    private static final byte[] KEY = HexFormat.of()
            .parseHex("2718281828459045235360287471352662497757247093699959574966967627"
                    + "3141592653589793238462643383279502884197169399375105820974944592");

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to);
    }

    /** IEEE Std 1619-2018, Annex B.2, vector 10. */
    @Test
    public void theVectorOfTheStandard() throws Exception {
        byte[] data = counting(512);
        new Xts(KEY).encrypt(0xFF, data, 0, 512);
        assertEquals("1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b", hex(data, 0, 32));
        assertEquals("c4f36ffda9fcea70b9c6e693e148c151", hex(data, 496, 512));
        assertEquals(
                "e97e974fa393af794f7a4684395814cf820de60a01eaec677d87b452e316b364",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data)));
    }

    /** The same with the cryptography library of Python: a number of more than 32 bits. */
    @Test
    public void aLongNumberOfAUnit() throws Exception {
        byte[] data = counting(512);
        new Xts(KEY).encrypt(0x123456789AL, data, 0, 512);
        assertEquals(
                "4b6cbdb5a7fa172c7aa97ee06820ae0ec5cd433eb604d61636d9757dc7ad7838",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data)));
    }

    @Test
    public void manyUnitsAreAsOneByOne() {
        byte[] plain = new byte[Xts.CHUNK];
        new Random(5).nextBytes(plain);
        byte[] together = plain.clone();
        Xts xts = new Xts(KEY);
        xts.encrypt(1000, together, 0, together.length);
        byte[] single = plain.clone();
        for (int at = 0; at < single.length; at += Xts.UNIT) {
            xts.encrypt(1000 + at / Xts.UNIT, single, at, Xts.UNIT);
        }
        assertArrayEquals(together, single);
        xts.decrypt(1000, together, 0, 2048);
        xts.decrypt(1004, together, 2048, together.length - 2048);
        assertArrayEquals(plain, together);
    }

    @Test
    public void shortKeysAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Xts(Arrays.copyOf(KEY, 32)));
    }
}
