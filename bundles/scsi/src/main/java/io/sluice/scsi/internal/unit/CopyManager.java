package io.sluice.scsi.internal.unit;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.format.Bytes;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the ROD tokens of all units that it is shared by (SPC-5 5.18.6.5). Whoever shows a token may copy what it stands
 * for, so it holds more random bits than anyone can guess. Thread-safe.
 */
public final class CopyManager {

    /** Length of a ROD token in bytes. */
    public static final int TOKEN_LENGTH = 512;

    /** ROD TYPE of the token for zeros (SBC-4 4.33.4.5). */
    public static final long ZERO_TOKEN = 0xFFFF_0001L;

    private static final int MOST_TOKENS = 4096;
    private static final int IDENTIFIER = 8;
    private static final int BYTES_REPRESENTED = 56;
    private static final int SECRET = 128;
    private static final int SECRET_LENGTH = 32;

    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<Long, Held> tokens = new ConcurrentHashMap<>();

    private record Held(byte[] token, RepresentationOfData representation) {}

    /**
     * Makes a token for a representation of data.
     *
     * @param creator descriptor of the unit that it is of
     */
    public byte[] issue(RepresentationOfData representation, byte[] creator) {
        tokens.values().removeIf(held -> held.representation().expired());
        if (tokens.size() >= MOST_TOKENS) {
            tokens.clear();
        }
        byte[] token = new byte[TOKEN_LENGTH];
        long identifier = random.nextLong();
        byte[] secret = new byte[SECRET_LENGTH];
        random.nextBytes(secret);
        Bytes.put32(token, 0, RepresentationOfData.TYPE);
        Bytes.put16(token, 6, TOKEN_LENGTH - 8);
        Bytes.put64(token, IDENTIFIER, identifier);
        System.arraycopy(creator, 0, token, 16, creator.length);
        Bytes.put64(token, BYTES_REPRESENTED, representation.bytes());
        System.arraycopy(secret, 0, token, SECRET, SECRET_LENGTH);
        tokens.put(identifier, new Held(token, representation));
        return token.clone();
    }

    /**
     * Returns what a token stands for.
     *
     * @throws CheckConditionException INVALID TOKEN OPERATION with what is wrong with it
     */
    public RepresentationOfData find(byte[] token) throws CheckConditionException {
        Held held = tokens.get(Bytes.s64(token, IDENTIFIER));
        if (held == null) {
            throw new CheckConditionException(Sense.INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN);
        }
        if (!MessageDigest.isEqual(held.token(), token)) {
            throw new CheckConditionException(Sense.INVALID_TOKEN_OPERATION_TOKEN_CORRUPT);
        }
        RepresentationOfData representation = held.representation();
        if (representation.revoked()) {
            throw new CheckConditionException(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED);
        }
        if (representation.expired()) {
            throw new CheckConditionException(Sense.INVALID_TOKEN_OPERATION_TOKEN_EXPIRED);
        }
        representation.use();
        return representation;
    }

    /** Forgets a token that is not wanted any more. */
    public void delete(byte[] token) {
        tokens.computeIfPresent(
                Bytes.s64(token, IDENTIFIER), (id, held) -> Arrays.equals(held.token(), token) ? null : held);
    }
}
