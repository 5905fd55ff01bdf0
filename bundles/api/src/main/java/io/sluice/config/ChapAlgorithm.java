package io.sluice.config;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How a CHAP response is computed (RFC 7143 12.1.3); the numbers are IANA's PPP authentication algorithms. */
public enum ChapAlgorithm {
    MD5("md5", 5, "MD5", 16),
    SHA1("sha1", 6, "SHA-1", 20),
    SHA256("sha256", 7, "SHA-256", 32),
    SHA3_256("sha3-256", 8, "SHA3-256", 32);

    private final String label;
    private final int number;
    private final String digest;
    private final int lengthBytes;

    ChapAlgorithm(String label, int number, String digest, int lengthBytes) {
        this.label = label;
        this.number = number;
        this.digest = digest;
        this.lengthBytes = lengthBytes;
    }

    /** Returns the name that users write. */
    public String label() {
        return label;
    }

    /** Returns the number that goes over the wire in CHAP_A. */
    public int number() {
        return number;
    }

    /** Returns the name that {@link java.security.MessageDigest} knows. */
    public String digest() {
        return digest;
    }

    /** Returns the bytes of a response. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Returns the algorithm of a number, or null. */
    public static ChapAlgorithm of(long number) {
        for (ChapAlgorithm algorithm : values()) {
            if (algorithm.number == number) {
                return algorithm;
            }
        }
        return null;
    }

    /**
     * Returns the algorithm of a name that {@link #label} has.
     *
     * @throws IllegalArgumentException if there is none; the message is fit for a user
     */
    public static ChapAlgorithm parse(String label) {
        for (ChapAlgorithm algorithm : values()) {
            if (algorithm.label.equals(label)) {
                return algorithm;
            }
        }
        throw new IllegalArgumentException("'" + label + "' is not an algorithm of CHAP: it is one of "
                + Arrays.stream(values()).map(ChapAlgorithm::label).collect(Collectors.joining(", ")));
    }

    /** Returns all, the strongest first. */
    public static List<ChapAlgorithm> all() {
        return List.of(SHA3_256, SHA256, SHA1, MD5);
    }
}
