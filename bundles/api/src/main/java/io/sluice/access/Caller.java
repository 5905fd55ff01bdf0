package io.sluice.access;

import io.sluice.config.PortalConfig;
import java.net.InetAddress;
import java.util.Objects;

/**
 * Who wants in, as far as it shows before anything is proven.
 *
 * @param initiator iSCSI name that he gives himself, in normal form
 * @param remote his address
 * @param local the address that he has reached
 * @param portal the portal that he has reached, as it was then
 */
public record Caller(String initiator, InetAddress remote, InetAddress local, PortalConfig portal) {

    public Caller {
        Objects.requireNonNull(initiator);
        Objects.requireNonNull(remote);
        Objects.requireNonNull(local);
        Objects.requireNonNull(portal);
    }
}
