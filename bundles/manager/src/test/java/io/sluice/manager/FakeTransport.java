package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.management.SessionHabits;
import io.sluice.management.SessionStatus;
import io.sluice.management.Transport;
import io.sluice.management.TransportStatus;
import io.sluice.management.TransportTrace;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A transport without a network: portals are a list, and sessions are what a test says. */
public final class FakeTransport implements Transport {

    /** An address that nobody can have. */
    int accessChanges;

    static final PortalConfig TAKEN = new PortalConfig("192.0.2.99", 3260, 1, "", true);

    /** What has happened, in order. */
    final List<String> account = new CopyOnWriteArrayList<>();

    /** Whether addresses that nobody can have can be had now. */
    volatile boolean addressesAreThere;

    /** What the end of sessions waits for. */
    volatile CompletableFuture<Void> ending = CompletableFuture.completedFuture(null);

    /** What it answers about traces. */
    final FakeTrace trace = new FakeTrace();

    private final List<PortalConfig> portals = new CopyOnWriteArrayList<>();
    private final List<SessionStatus> sessions = new CopyOnWriteArrayList<>();

    void logIn(String target) {
        sessions.add(new SessionStatus(
                sessions.size() + 1,
                "iqn.2026-11.io.sluice:initiator",
                "400001370000",
                target,
                "127.0.0.1:3260",
                "127.0.0.1:50000",
                Instant.EPOCH,
                0,
                0,
                0,
                SessionStatus.Rates.NONE,
                "",
                "",
                List.of(),
                Map.of()));
    }

    @Override
    public void listen(PortalConfig portal) throws ConfigException {
        if (portal.sameAddress(TAKEN) && !addressesAreThere) {
            throw new ConfigException("portal " + portal + " is taken");
        }
        boolean present = portals.removeIf(portal::sameAddress);
        portals.add(portal);
        account.add((present ? "change " : "listen ") + portal);
    }

    @Override
    public void unlisten(PortalConfig portal) {
        portals.remove(portal);
        account.add("unlisten " + portal);
    }

    @Override
    public List<PortalConfig> listening() {
        return List.copyOf(portals);
    }

    @Override
    public TransportStatus status() {
        return new TransportStatus(0, 0, 0, "", sessions.size(), 0, 0, 0);
    }

    @Override
    public List<SessionStatus> sessions() {
        return List.copyOf(sessions);
    }

    @Override
    public List<SessionHabits> habits() {
        return List.of();
    }

    @Override
    public TransportTrace trace() {
        return trace;
    }

    @Override
    public boolean closeSession(int id) {
        return sessions.removeIf(session -> session.id() == id);
    }

    @Override
    public void closeSessions(String target, Cause cause) {
        account.add("close sessions of " + target + " because of " + cause);
        ending.join();
        sessions.removeIf(session -> session.target().equals(target));
    }

    @Override
    public void accessChanged() {
        accessChanges++;
    }
}
