package io.sluice.iscsi.auth;

import io.sluice.config.ChapAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Computes what proves that one knows a secret (RFC 1994 4.1): the digest of identifier, secret and challenge. */
final class ChapResponse {

    private ChapResponse() {}

    static byte[] compute(ChapAlgorithm algorithm, int identifier, byte[] secret, byte[] challenge) {
        MessageDigest digest = digest(algorithm);
        digest.update((byte) identifier);
        digest.update(secret);
        digest.update(challenge);
        return digest.digest();
    }

    private static MessageDigest digest(ChapAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.digest());
        } catch (NoSuchAlgorithmException everyJavaRuntimeHasThem) {
            throw new IllegalStateException(everyJavaRuntimeHasThem);
        }
    }
}
