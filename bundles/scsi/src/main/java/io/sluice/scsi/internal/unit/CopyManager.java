package io.sluice.scsi.internal.unit;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.format.Bytes;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Knows for all units that it is shared by which of them a host can reach, over all its nexuses, and so may copy between; and
 * their ROD tokens (SPC-5 5.18.6.5). A token is worth something to the host alone that it was made for, and holds more random
 * bits than anyone can guess. Thread-safe.
 */
public final class CopyManager {

    /** Length of a ROD token in bytes. */
    public static final int TOKEN_LENGTH = 512;

    /** ROD TYPE of the token for zeros (SBC-4 4.33.4.5). */
    public static final long ZERO_TOKEN = 0xFFFF_0001L;

    /** All of a unit are looked at by each write to it. */
    private static final int MOST_TOKENS = 1024;

    private static final int MOST_TOKENS_OF_A_HOST = 64;
    private static final int IDENTIFIER = 8;
    private static final int BYTES_REPRESENTED = 56;
    private static final int SECRET = 128;
    private static final int SECRET_LENGTH = 32;

    private final Hosts hosts = new Hosts();
    private final SecureRandom random = new SecureRandom();

    /** The oldest first; guarded by itself. */
    private final Map<Long, Held> tokens = new LinkedHashMap<>();

    private record Held(byte[] token, RepresentationOfData representation) {}

    /**
     * Makes a token for a representation of data. A host that has many loses the oldest of them.
     *
     * @param creator descriptor of the unit that it is of
     */
    public byte[] issue(RepresentationOfData representation, byte[] creator) {
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
        synchronized (tokens) {
            makeRoom(representation.owner());
            tokens.put(identifier, new Held(token, representation));
        }
        return token.clone();
    }

    private void makeRoom(Host host) {
        int own = 0;
        Held oldestOwn = null;
        for (Iterator<Held> all = tokens.values().iterator(); all.hasNext(); ) {
            Held held = all.next();
            if (held.representation().expired()) {
                all.remove();
                held.representation().forget();
            } else if (held.representation().owner().equals(host)) {
                own++;
                oldestOwn = oldestOwn == null ? held : oldestOwn;
            }
        }
        if (own >= MOST_TOKENS_OF_A_HOST) {
            forget(oldestOwn);
        } else if (tokens.size() >= MOST_TOKENS) {
            forget(tokens.values().iterator().next());
        }
    }

    private void forget(Held held) {
        tokens.remove(Bytes.s64(held.token(), IDENTIFIER));
        held.representation().forget();
    }

    /** Returns the nexuses at the units. */
    public Hosts hosts() {
        return hosts;
    }

    /**
     * Returns the best way to a unit for a copy: through the asking nexus or, if that has none or one that does not serve,
     * through another one of its host.
     *
     * @param asking how the copying command came
     * @param which the unit
     * @param toWrite whether data is to go there
     * @return null if the host does not see the unit
     */
    public LunMapping reach(LunMapping asking, Predicate<BlockDevice> which, boolean toWrite) {
        LunMapping best = null;
        for (NexusView view : hosts.sameAs(asking.view())) {
            for (LunMapping mapping : view.mappings()) {
                if (which.test(mapping.unit()) && (best == null || rank(mapping, toWrite) > rank(best, toWrite))) {
                    best = mapping;
                }
            }
        }
        return best;
    }

    private static int rank(LunMapping mapping, boolean toWrite) {
        boolean active = mapping.view().group().state().active();
        boolean writable = !toWrite || !mapping.readOnly();
        return (active ? 2 : 0) + (writable ? 1 : 0);
    }

    /**
     * Returns what a token stands for.
     *
     * @param host who shows it
     * @throws CheckConditionException INVALID TOKEN OPERATION with what is wrong with it
     */
    public RepresentationOfData find(byte[] token, Host host) throws CheckConditionException {
        Held held = held(token);
        if (held == null || !held.representation().owner().equals(host)) {
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

    private Held held(byte[] token) {
        synchronized (tokens) {
            return tokens.get(Bytes.s64(token, IDENTIFIER));
        }
    }

    /** Forgets a token that is not wanted any more. */
    public void delete(byte[] token) {
        synchronized (tokens) {
            Held held = held(token);
            if (held != null && Arrays.equals(held.token(), token)) {
                forget(held);
            }
        }
    }
}
