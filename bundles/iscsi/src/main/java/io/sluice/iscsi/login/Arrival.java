package io.sluice.iscsi.login;

import io.sluice.access.Caller;
import io.sluice.config.PortalConfig;
import java.net.InetAddress;

/**
 * By which way somebody has come, before a word is said.
 *
 * @param remote the initiator's address
 * @param local the address that it has reached
 * @param portal the portal that it has reached
 */
public record Arrival(InetAddress remote, InetAddress local, PortalConfig portal) {

    Caller caller(String initiatorName) {
        return new Caller(initiatorName, remote, local, portal);
    }
}
