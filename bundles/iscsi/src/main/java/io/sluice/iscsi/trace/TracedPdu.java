package io.sluice.iscsi.trace;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A PDU as it went by.
 *
 * @param ends where it went
 * @param epochNanos when, since 1970
 * @param received whether an initiator has sent it
 * @param head the basic header and what is added to it
 * @param data what was kept of the data
 * @param dataLength how long the data was, in bytes
 * @param headerDigest whether a digest of the head went with it
 * @param dataDigest whether a digest of the data, if there was any, went with it
 */
record TracedPdu(
        Ends ends,
        long epochNanos,
        boolean received,
        byte[] head,
        byte[] data,
        int dataLength,
        boolean headerDigest,
        boolean dataDigest) {

    private static final int OBJECT_BYTES = 112;

    /** The two ends of a connection; each connection has its own object. */
    static final class Ends {
        private final SocketAddress initiator;
        private final SocketAddress portal;

        Ends(SocketAddress initiator, SocketAddress portal) {
            this.initiator = initiator;
            this.portal = portal;
        }

        InetSocketAddress initiator() {
            return (InetSocketAddress) initiator;
        }

        InetSocketAddress portal() {
            return (InetSocketAddress) portal;
        }
    }

    /** Returns about what it takes of the heap. */
    int weight() {
        return OBJECT_BYTES + head.length + data.length;
    }
}
