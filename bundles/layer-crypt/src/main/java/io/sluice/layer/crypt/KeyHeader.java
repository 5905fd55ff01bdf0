package io.sluice.layer.crypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is kept beside an encrypted disk: its data key, wrapped under one key of the operator, or under two while he changes it.
 * A slot is wrapped with AES-256-GCM (NIST SP 800-38D), under a key that PBKDF2 (RFC 8018) makes of what the operator has; a
 * wrong one is noticed by the tag. All numbers are big-endian:
 *
 * <pre>
 * 16  magic "SLUICE CRYPT 001"
 *  4  bytes in a data unit
 *  4  number of slots, 1 or 2
 *     per slot: 32 salt, 4 iterations of PBKDF2 with HMAC-SHA256, 12 nonce, 80 wrapped key with its tag
 * 32  SHA-256 of everything before
 * </pre>
 */
record KeyHeader(List<Slot> slots) {

    static final int MOST_BYTES = 1024;

    private static final byte[] MAGIC = "SLUICE CRYPT 001".getBytes(StandardCharsets.US_ASCII);
    private static final int ITERATIONS = 600_000;
    private static final int MOST_ITERATIONS = 10_000_000;
    private static final int SALT = 32;
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final int WRAPPED = Xts.KEY_BYTES + TAG;
    private static final int DIGEST = 32;
    private static final int MOST_SLOTS = 2;
    private static final SecureRandom RANDOM = new SecureRandom();

    KeyHeader {
        slots = List.copyOf(slots);
    }

    /** The data key under one key of the operator. */
    record Slot(byte[] salt, int iterations, byte[] nonce, byte[] wrapped) {

        /** @param dataKey both keys of XTS */
        static Slot wrap(byte[] operatorKey, byte[] dataKey) {
            byte[] salt = random(SALT);
            byte[] nonce = random(NONCE);
            try {
                Cipher cipher = cipher(Cipher.ENCRYPT_MODE, operatorKey, salt, ITERATIONS, nonce);
                return new Slot(salt, ITERATIONS, nonce, cipher.doFinal(dataKey));
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("this Java has no AES-GCM", impossible);
            }
        }

        /** Returns the data key; null if it is wrapped under another key. */
        byte[] unwrap(byte[] operatorKey) {
            try {
                return cipher(Cipher.DECRYPT_MODE, operatorKey, salt, iterations, nonce)
                        .doFinal(wrapped);
            } catch (GeneralSecurityException wrong) {
                return null;
            }
        }

        private static Cipher cipher(int mode, byte[] operatorKey, byte[] salt, int iterations, byte[] nonce)
                throws GeneralSecurityException {
            char[] password = new char[operatorKey.length];
            for (int i = 0; i < password.length; i++) {
                password[i] = (char) (operatorKey[i] & 0xFF);
            }
            PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, 256);
            byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            spec.clearPassword();
            Arrays.fill(password, '\0');
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG * 8, nonce));
            Arrays.fill(key, (byte) 0);
            cipher.updateAAD(MAGIC);
            return cipher;
        }
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Returns the slot that a key of the operator opens, or null. */
    Opened open(byte[] operatorKey) {
        for (Slot slot : slots) {
            byte[] dataKey = slot.unwrap(operatorKey);
            if (dataKey != null) {
                return new Opened(slot, dataKey);
            }
        }
        return null;
    }

    /** A slot and what was in it. */
    record Opened(Slot slot, byte[] dataKey) {}

    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES).put(MAGIC).putInt(Xts.UNIT);
        bytes.putInt(slots.size());
        for (Slot slot : slots) {
            bytes.put(slot.salt).putInt(slot.iterations).put(slot.nonce).put(slot.wrapped);
        }
        byte[] body = Arrays.copyOf(bytes.array(), bytes.position());
        bytes.put(digest(body));
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** @throws IOException with a reason if it is damaged, or of another version */
    static KeyHeader decode(byte[] encoded) throws IOException {
        int body = encoded.length - DIGEST;
        if (body < MAGIC.length || !Arrays.equals(MAGIC, Arrays.copyOf(encoded, MAGIC.length))) {
            throw new IOException("it is no header of this version of the layer");
        }
        byte[] found = Arrays.copyOfRange(encoded, body, encoded.length);
        if (!MessageDigest.isEqual(found, digest(Arrays.copyOf(encoded, body)))) {
            throw new IOException("it is damaged: its checksum is wrong");
        }
        ByteBuffer bytes = ByteBuffer.wrap(encoded, MAGIC.length, body - MAGIC.length);
        int unit = bytes.getInt();
        int count = bytes.getInt();
        if (unit != Xts.UNIT || count < 1 || count > MOST_SLOTS) {
            throw new IOException("it is no header of this version of the layer");
        }
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] salt = take(bytes, SALT);
            int iterations = bytes.getInt();
            if (iterations < 1 || iterations > MOST_ITERATIONS) {
                throw new IOException("it is no header of this version of the layer");
            }
            slots.add(new Slot(salt, iterations, take(bytes, NONCE), take(bytes, WRAPPED)));
        }
        return new KeyHeader(slots);
    }

    private static byte[] take(ByteBuffer bytes, int length) {
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private static byte[] digest(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no SHA-256", impossible);
        }
    }
}
