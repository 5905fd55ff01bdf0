package io.sluice.management;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What carries SCSI commands to targets, as the management side sees it: portals and sessions. The iSCSI bundle offers
 * it as a service; the targets it serves reach it as services of the SCSI engine.
 */
@ProviderType
public interface Transport {

    /**
     * Listens on an address; returns when connections are accepted. If it does already, whatever else of the portal is different
     * holds for who comes from now on; nobody is kept out meanwhile.
     *
     * @throws ConfigException if the address cannot be had
     */
    void listen(PortalConfig portal) throws ConfigException;

    /** Stops listening on an address; does nothing if it was not listening. Sessions go on. */
    void unlisten(PortalConfig portal);

    /** Returns the portals that listen now. */
    List<PortalConfig> listening();

    /** Returns how the transport is; never waits. */
    TransportStatus status();

    /** Returns what is wrong with its settings, a line each; never waits. */
    default List<String> problems() {
        return List.of();
    }

    /** Returns all sessions, by id. */
    List<SessionStatus> sessions();

    /** Returns how initiators use their sessions, by id of the session; none of discovery sessions. */
    List<SessionHabits> habits();

    /** Returns its trace. */
    TransportTrace trace();

    /** Ends a session. Returns whether there was one. */
    boolean closeSession(int id);

    /** Why the sessions of a target are ended, which is said of each. */
    enum Cause {
        /** The target is taken away. */
        TARGET_DELETED,
        /** Nobody may log in to the target any more. */
        TARGET_DISABLED,
        /** Everything ends; initiators may come back. */
        GATEWAY_STOPS
    }

    /** Ends all sessions with a target; returns when none of their commands can change data any more. */
    void closeSessions(String target, Cause cause);

    /**
     * Who may use what has changed: sessions are looked at anew, and whoever has lost something loses it at once. Returns when none
     * of the commands concerned can change data any more.
     */
    void accessChanged();
}
