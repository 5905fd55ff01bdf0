package io.sluice.backstore.nbd.client;

/**
 * Says which of some connections takes the next request. Small requests that have come together go over one, so that they are
 * sent by one call and read by one at the other side; what is much goes over all. Used on one thread.
 */
final class Turns {

    /** What the head of a request, and all that is done for it, is worth in bytes of data. */
    private static final int REQUEST_BYTES = 4096;

    private static final int TURN_BYTES = 32 * REQUEST_BYTES;

    private int turn;
    private int bytes;

    /**
     * @param length of the request in bytes
     * @param connections how many there are
     * @return the number of the connection, from 0
     */
    int next(int length, int connections) {
        if (bytes >= TURN_BYTES) {
            pass();
        }
        bytes += Math.max(REQUEST_BYTES, Math.min(length, TURN_BYTES));
        return Math.floorMod(turn, connections);
    }

    /** What has come together has been sent. */
    void pass() {
        turn++;
        bytes = 0;
    }
}
