package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.management.SessionStatus;
import io.sluice.management.Transport;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The sessions that the transport has, if there is one. Thread-safe. */
final class Sessions {

    private final Portals portals;
    private final Drains drains;
    private final Changes changes;

    Sessions(Portals portals, Drains drains, Changes changes) {
        this.portals = portals;
        this.drains = drains;
        this.changes = changes;
    }

    List<SessionStatus> list() {
        Transport transport = portals.transport();
        return transport == null ? List.of() : transport.sessions();
    }

    /** Ends one, and waits a while for that. */
    void close(int id) throws ConfigException {
        Transport transport = portals.transport();
        AtomicBoolean found = new AtomicBoolean();
        if (transport != null) {
            changes.await(drains.run(() -> found.set(transport.closeSession(id))), "closing session " + id);
        }
        if (!found.get()) {
            throw ConfigException.notFound(
                    Integer.toString(id), "there is no session " + id + ": session:list shows those that there are");
        }
    }
}
