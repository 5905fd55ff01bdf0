package io.sluice.iscsi.auth;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The challenges of logins that are under way, so that none of them is answered when it comes back as one of an initiator's
 * own (RFC 7143 9.2.1). Thread-safe.
 */
public final class Challenges {

    /** More than there can be connections without a login; the oldest goes. */
    private static final int MOST = 65_536;

    private final SecureRandom random = new SecureRandom();
    private final Set<ByteBuffer> underWay = new LinkedHashSet<>();

    /** Makes a challenge that nobody can foresee, and remembers it until {@link #forget}. */
    byte[] next(int lengthBytes) {
        byte[] challenge = new byte[lengthBytes];
        random.nextBytes(challenge);
        synchronized (underWay) {
            if (underWay.size() >= MOST) {
                Iterator<ByteBuffer> oldest = underWay.iterator();
                oldest.next();
                oldest.remove();
            }
            underWay.add(ByteBuffer.wrap(challenge));
        }
        return challenge;
    }

    /** Returns an identifier for a challenge, one byte. */
    int nextIdentifier() {
        return random.nextInt(1 << Byte.SIZE);
    }

    /** Returns whether a challenge is one of those under way. */
    boolean isOwn(byte[] challenge) {
        synchronized (underWay) {
            return underWay.contains(ByteBuffer.wrap(challenge));
        }
    }

    /** The login of a challenge is over. */
    void forget(byte[] challenge) {
        synchronized (underWay) {
            underWay.remove(ByteBuffer.wrap(challenge));
        }
    }

    /** Returns how many are under way. */
    int count() {
        synchronized (underWay) {
            return underWay.size();
        }
    }
}
