package io.sluice.backstore.nbd.client;

import java.util.List;

/**
 * Says which of some connections takes the next request. Small requests go over one, so that several are sent by one call and read
 * by one at the other side; what is much goes over all.
 */
final class Turns {

    /** What a request, and all that is done for it, is worth in bytes of data. */
    private static final int REQUEST_BYTES = 4096;

    /** So much is enough for one connection. */
    private static final long ENOUGH_BYTES = 32 * REQUEST_BYTES;

    private Turns() {}

    /** Returns what a request is for its connection, in bytes. */
    static long load(int length) {
        return Math.max(REQUEST_BYTES, length);
    }

    /** Returns the first that has not enough to do, or the one that has least. */
    static Connection next(List<Connection> connections) {
        Connection least = connections.get(0);
        for (int i = 0; i < connections.size() && least.load() >= ENOUGH_BYTES; i++) {
            Connection other = connections.get(i);
            least = other.load() < least.load() ? other : least;
        }
        return least;
    }
}
