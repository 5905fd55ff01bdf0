package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.management.PortalStatus;
import io.sluice.management.Transport;
import io.sluice.manager.volume.Backoff;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens where the configuration says. An address that is not there, as when the network comes up later, is tried again until
 * it is. Changes are made by the thread of the manager; any thread may look.
 */
final class Portals {

    private static final Logger LOG = LoggerFactory.getLogger(Portals.class);

    static final String NO_TRANSPORT = "the iscsi bundle is not active: nobody can log in";

    private final Changes changes;
    private final Patience patience;
    private final Map<PortalConfig, String> problems = new ConcurrentSkipListMap<>();
    private volatile Transport transport;

    /** Changes with the transport, so that what was to be tried again for another one is not. */
    private volatile Backoff backoff;

    private boolean retrying;

    Portals(Changes changes, Patience patience) {
        this.changes = changes;
        this.patience = patience;
    }

    /** A transport has come, or the one there was goes (null). */
    void use(Transport newTransport) {
        transport = newTransport;
        problems.clear();
    }

    /** Returns the transport, or null. */
    Transport transport() {
        return transport;
    }

    /** Listens on all; what cannot be had now is tried again. */
    void listenAll(Collection<PortalConfig> portals) {
        backoff = new Backoff(patience.retryFirst(), patience.retryLongest());
        portals.forEach(this::listenAgain);
    }

    /** Listens now, or as soon as that is possible. */
    void listenAgain(PortalConfig portal) {
        try {
            listen(portal);
        } catch (ConfigException failed) {
            problems.put(portal, failed.getMessage());
            LOG.error("{}: it is tried again", failed.getMessage());
            retryLater();
        }
    }

    private void retryLater() {
        if (!problems.isEmpty() && !retrying) {
            retrying = true;
            changes.schedule(this::retry, backoff.next());
        }
    }

    private void retry() {
        retrying = false;
        for (PortalConfig portal : List.copyOf(problems.keySet())) {
            try {
                listen(portal);
                LOG.info("portal {} is open", portal);
            } catch (ConfigException failed) {
                problems.put(portal, failed.getMessage());
            }
        }
        retryLater();
    }

    /** @throws ConfigException if the address cannot be had now */
    void listen(PortalConfig portal) throws ConfigException {
        Transport present = transport;
        try {
            if (present != null) {
                present.listen(portal);
            }
        } catch (RuntimeException bug) {
            throw new ConfigException("portal " + portal + " cannot be opened: " + bug, bug);
        }
        problems.remove(portal);
    }

    /** The portal of an address is another one: it goes on listening, or trying to. */
    void change(PortalConfig before, PortalConfig after) throws ConfigException {
        problems.remove(before);
        if (listening().contains(before)) {
            listen(after);
        } else {
            listenAgain(after);
        }
    }

    /** Takes a {@link #change} back. */
    void changeBack(PortalConfig before, PortalConfig after) {
        problems.remove(after);
        listenAgain(before);
    }

    void unlisten(PortalConfig portal) {
        problems.remove(portal);
        Transport present = transport;
        if (present != null && present.listening().contains(portal)) {
            present.unlisten(portal);
        }
    }

    /** Closes all. */
    void unlistenAll() {
        problems.clear();
        Transport present = transport;
        if (present != null) {
            present.listening().forEach(present::unlisten);
        }
    }

    /** Returns the portals that listen now. */
    Collection<PortalConfig> listening() {
        Transport present = transport;
        return present == null ? List.of() : present.listening();
    }

    /** Returns what does not work, one line each. */
    Collection<String> problems() {
        Transport present = transport;
        return present == null
                ? List.of(NO_TRANSPORT)
                : Stream.concat(
                                present.problems().stream(),
                                problems.values().stream().map(Portals::retried))
                        .toList();
    }

    private static String retried(String problem) {
        return problem + ": it is tried again until it can be had";
    }

    PortalStatus status(PortalConfig portal) {
        if (transport == null) {
            return new PortalStatus(portal, false, NO_TRANSPORT);
        }
        if (listening().contains(portal)) {
            return new PortalStatus(portal, true, "");
        }
        return new PortalStatus(portal, false, problems.getOrDefault(portal, ""));
    }
}
