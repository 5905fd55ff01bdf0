package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nexuses that there are at the units of all targets, by who is behind them. Thread-safe. */
public final class Hosts {

    /** By the initiator's name: a principal may change while the nexus is there. Sets are replaced as a whole. */
    private final ConcurrentHashMap<String, Set<NexusView>> views = new ConcurrentHashMap<>();

    /** Takes notice of a nexus; once or more often. */
    void join(NexusView view) {
        views.compute(nameOf(view.nexus()), (name, known) -> {
            if (known != null && known.contains(view)) {
                return known;
            }
            Set<NexusView> more = known == null ? new HashSet<>() : new HashSet<>(known);
            more.add(view);
            return more;
        });
    }

    /** Forgets a nexus that is gone. */
    void forget(Nexus nexus) {
        views.computeIfPresent(nameOf(nexus), (name, known) -> {
            Set<NexusView> rest = new HashSet<>(known);
            rest.removeIf(view -> view.nexus() == nexus);
            return rest.isEmpty() ? null : rest;
        });
    }

    /** Returns what the open nexuses of the same host see, that of the asking one first. */
    public List<NexusView> sameAs(NexusView asking) {
        Host host = Host.of(asking.nexus());
        List<NexusView> same = new ArrayList<>();
        same.add(asking);
        for (NexusView view : views.getOrDefault(host.iscsiName(), Set.of())) {
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
