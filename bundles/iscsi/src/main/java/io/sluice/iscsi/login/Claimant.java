package io.sluice.iscsi.login;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * Who says that he is somebody, before he has proven it.
 *
 * @param address where he comes from; of IPv6 the network, because a host has all of its addresses to choose from
 * @param initiator the name that he gives, or nothing
 */
record Claimant(String address, String initiator) {

    private static final int NETWORK_BYTES = 8;

    static Claimant of(InetAddress remote, String initiator) {
        byte[] bytes = remote.getAddress();
        String address = bytes.length > NETWORK_BYTES
                ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64"
                : remote.getHostAddress();
        return new Claimant(address, initiator == null ? "" : initiator);
    }
}
