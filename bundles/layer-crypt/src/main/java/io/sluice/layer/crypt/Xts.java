package io.sluice.layer.crypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in XTS mode (IEEE Std 1619-2018, 5.3 and 5.4), for data units of {@link #UNIT} bytes whose number is the tweak, in
 * little-endian order. Not thread-safe.
 *
 * <p>Java has no XTS, so the mode is built here over single blocks, many of them in one call. For decryption that call is CBC, which
 * Java hands to the processor several blocks at a time, three times as fast as ECB; what it chains is taken away again.
 */
final class Xts {

    /** Bytes in a data unit. Part of the format of encrypted disks: it never changes. */
    static final int UNIT = 512;
    /** Bytes of both keys. */
    static final int KEY_BYTES = 64;
    /** The longest piece for one call. */
    static final int CHUNK = 64 << 10;

    private static final int AES_BLOCK = 16;
    private static final int BLOCKS_PER_UNIT = UNIT / AES_BLOCK;
    /** The polynomial by which the tweak is multiplied. */
    private static final long POLYNOMIAL = 0x87;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Cipher encryption;
    private final Cipher decryption;
    private final Cipher tweaking;
    private final byte[] numbers = new byte[CHUNK / UNIT * AES_BLOCK];
    private final byte[] tweaks = new byte[CHUNK];
    private final byte[] output = new byte[CHUNK];

    /** @param key the key of the data, and after it the key of the tweaks */
    Xts(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("keys of XTS have " + KEY_BYTES + " bytes in all");
        }
        encryption = cipher(Cipher.ENCRYPT_MODE, "ECB", key, 0);
        decryption = cipher(Cipher.DECRYPT_MODE, "CBC", key, 0);
        tweaking = cipher(Cipher.ENCRYPT_MODE, "ECB", key, KEY_BYTES / 2);
    }

    private static Cipher cipher(int mode, String chaining, byte[] key, int offset) {
        try {
            Cipher cipher = Cipher.getInstance("AES/" + chaining + "/NoPadding");
            SecretKeySpec half = new SecretKeySpec(key, offset, KEY_BYTES / 2, "AES");
            cipher.init(mode, half, chaining.equals("CBC") ? new IvParameterSpec(new byte[AES_BLOCK]) : null);
            return cipher;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no AES", impossible);
        }
    }

    /**
     * Encrypts whole units in place.
     *
     * @param unit number of the first one
     * @param offset where it begins
     * @param length a multiple of {@link #UNIT}, at most {@link #CHUNK}
     */
    void encrypt(long unit, byte[] data, int offset, int length) {
        try {
            makeTweaks(unit, length / UNIT);
            mix(data, offset, length);
            encryption.doFinal(data, offset, length, output, 0);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES refuses whole blocks", impossible);
        }
        for (int i = 0; i < length; i += Long.BYTES) {
            LONGS.set(data, offset + i, (long) LONGS.get(output, i) ^ (long) LONGS.get(tweaks, i));
        }
    }

    /** Decrypts whole units in place; see {@link #encrypt}. */
    void decrypt(long unit, byte[] data, int offset, int length) {
        try {
            makeTweaks(unit, length / UNIT);
            mix(data, offset, length);
            decryption.doFinal(data, offset, length, output, 0);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES refuses whole blocks", impossible);
        }
        // What CBC has added is taken away again: the block before, which is still there as this goes backwards.
        for (int i = length - Long.BYTES; i >= AES_BLOCK; i -= Long.BYTES) {
            long before = (long) LONGS.get(data, offset + i - AES_BLOCK);
            LONGS.set(data, offset + i, (long) LONGS.get(output, i) ^ (long) LONGS.get(tweaks, i) ^ before);
        }
        for (int i = 0; i < AES_BLOCK; i += Long.BYTES) {
            LONGS.set(data, offset + i, (long) LONGS.get(output, i) ^ (long) LONGS.get(tweaks, i));
        }
    }

    private void makeTweaks(long unit, int units) throws GeneralSecurityException {
        for (int i = 0; i < units; i++) {
            LONGS.set(numbers, i * AES_BLOCK, unit + i);
        }
        int encrypted = units * AES_BLOCK;
        tweaking.update(numbers, 0, encrypted, tweaks, 0);
        // From the last unit on, so that nothing is overwritten before it is used.
        for (int i = units - 1; i >= 0; i--) {
            long low = (long) LONGS.get(tweaks, i * AES_BLOCK);
            long high = (long) LONGS.get(tweaks, i * AES_BLOCK + Long.BYTES);
            int at = i * UNIT;
            for (int block = 0; block < BLOCKS_PER_UNIT; block++) {
                LONGS.set(tweaks, at, low);
                LONGS.set(tweaks, at + Long.BYTES, high);
                at += AES_BLOCK;
                long carry = high >> 63 & POLYNOMIAL;
                high = high << 1 | low >>> 63;
                low = low << 1 ^ carry;
            }
        }
    }

    private void mix(byte[] data, int offset, int length) {
        for (int i = 0; i < length; i += Long.BYTES) {
            int at = offset + i;
            LONGS.set(data, at, (long) LONGS.get(data, at) ^ (long) LONGS.get(tweaks, i));
        }
    }
}
