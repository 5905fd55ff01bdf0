package io.sluice.config;

import java.util.Objects;

/**
 * Where initiators are sent that log in to a target (RFC 7143 6.3 and 13.8). Who
 * comes by that address, or to a portal that is announced as it, is let in: it may be one of this gateway's own.
 *
 * @param address {@code ADDRESS:PORT} of a portal that has the target
 * @param permanent whether they are to remember it
 */
public record RedirectConfig(String address, boolean permanent) {

    public RedirectConfig {
        address = PortalConfig.parse(Objects.requireNonNull(address)).address();
    }
}
