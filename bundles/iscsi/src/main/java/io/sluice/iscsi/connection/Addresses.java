package io.sluice.iscsi.connection;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses for people. */
final class Addresses {

    private Addresses() {}

    static String text(SocketAddress any) {
        if (!(any instanceof InetSocketAddress address)) {
            return "";
        }
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
