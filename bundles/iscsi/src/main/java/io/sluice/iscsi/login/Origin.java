package io.sluice.iscsi.login;

import java.net.InetAddress;
import java.util.HexFormat;

/** Where somebody comes from, where what he takes is counted: of IPv6 the network, because a host has all of its addresses to choose from. */
public final class Origin {

    private static final int NETWORK_BYTES = 8;

    private Origin() {}

    /** Returns the address, or the network that it is of, for people too. */
    public static String of(InetAddress remote) {
        byte[] bytes = remote.getAddress();
        return bytes.length > NETWORK_BYTES
                ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64"
                : remote.getHostAddress();
    }

    /** Returns whether it is this machine: then the kernel has somebody come from the address that he goes to. */
    public static boolean isLocal(InetAddress remote, InetAddress local) {
        return remote.isLoopbackAddress() || remote.equals(local);
    }
}
