package io.sluice.access;

/**
 * The secrets of a CHAP user. Never printed.
 *
 * @param secret what he proves to know
 * @param mutualUser the name that the target gives itself, or null if it does not prove itself to him
 * @param mutualSecret what the target proves to know, or null
 */
public record Credential(byte[] secret, String mutualUser, byte[] mutualSecret) {

    @Override
    public String toString() {
        return "Credential[…]";
    }
}
