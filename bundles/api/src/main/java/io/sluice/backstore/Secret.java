package io.sluice.backstore;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Something that nobody may see: a password, a key. It has no text form, so that no log and no message can have it. */
public final class Secret {

    private final byte[] bytes;

    /** @param bytes the secret; copied */
    public Secret(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Returns a copy of the secret. */
    public byte[] reveal() {
        return bytes.clone();
    }

    /** Returns the secret as text in UTF-8, for libraries that want it so. */
    public String revealText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Compares in a time that does not depend on the content. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
