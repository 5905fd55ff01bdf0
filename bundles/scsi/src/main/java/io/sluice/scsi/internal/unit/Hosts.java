package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The nexuses that there are at the units of all targets, by who is behind them. Thread-safe. */
public final class Hosts {

    /** By the initiator's name: a principal may change while the nexus is there. */
    private final ConcurrentHashMap<String, Map<Nexus, NexusView>> views = new ConcurrentHashMap<>();

    /** Takes notice of a nexus; once or more often. */
    void join(NexusView view) {
        views.compute(nameOf(view.nexus()), (name, known) -> {
            Map<Nexus, NexusView> more = known == null ? new ConcurrentHashMap<>() : known;
            more.put(view.nexus(), view);
            return more;
        });
    }

    /** Forgets a nexus that is gone. */
    void forget(Nexus nexus) {
        views.computeIfPresent(nameOf(nexus), (name, known) -> {
            known.remove(nexus);
            return known.isEmpty() ? null : known;
        });
    }

    /** Returns what the open nexuses of the same host see, that of the asking one first. */
    public List<NexusView> sameAs(NexusView asking) {
        Host host = Host.of(asking.nexus());
        List<NexusView> same = new ArrayList<>();
        same.add(asking);
        for (NexusView view : views.getOrDefault(host.iscsiName(), Map.of()).values()) {
            if (view != asking && view.nexus().isOpen() && Host.of(view.nexus()).equals(host)) {
                same.add(view);
            }
        }
        return same;
    }

    private static String nameOf(Nexus nexus) {
        return nexus.initiatorPort().iscsiName();
    }
}
