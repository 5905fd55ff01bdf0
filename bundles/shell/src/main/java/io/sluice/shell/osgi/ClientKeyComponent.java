package io.sluice.shell.osgi;

import io.sluice.shell.credential.ClientKey;
import java.io.IOException;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the first credential of the console at the first start of the distribution, whose script uses it. A Karaf of somebody's own
 * has its users, and gets no other.
 */
@Component(
        service = {},
        immediate = true)
public final class ClientKeyComponent {

    private static final Logger LOG = LoggerFactory.getLogger(ClientKeyComponent.class);

    /** Makes the key if it is missing; without it the console works, but nobody can log in yet. */
    @Activate
    public ClientKeyComponent() {
        if (!Boolean.getBoolean("sluice.client.key")) {
            return;
        }
        Path etc = Path.of(System.getProperty("karaf.etc", "etc"));
        try {
            if (ClientKey.makeIfMissing(etc)) {
                LOG.info("made {} for the console of this machine", etc.resolve("client.key"));
            }
        } catch (IOException failed) {
            LOG.error("no key for the console can be made in {}: {}", etc, failed.getMessage(), failed);
        }
    }
}
