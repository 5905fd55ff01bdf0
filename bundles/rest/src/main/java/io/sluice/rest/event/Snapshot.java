package io.sluice.rest.event;

import io.sluice.config.GatewayConfig;
import io.sluice.config.PortalConfig;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.JobStatus;
import io.sluice.management.LayerTypeStatus;
import io.sluice.management.MoveStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.rest.action.Paths;
import io.sluice.rest.event.Change.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All things of the gateway by their paths, as they are at a time. Counters are no part of them: they change always. */
final class Snapshot {

    private static final double PERCENT = 100;

    private final Map<String, Object> things = new LinkedHashMap<>();

    /** Each change makes another one. */
    private final GatewayConfig config;

    private Snapshot(GatewayConfig config) {
        this.config = config;
    }

    /** Looks at everything; waits for nothing that initiators or operators do. */
    static Snapshot of(Gateway gateway) {
        Snapshot all = new Snapshot(gateway.config());
        all.add(gateway(gateway.status()), "gateway");
        all.add(all.config);
        gateway.backstores()
                .forEach(store ->
                        all.add(backstore(store), "backstores", store.config().name()));
        gateway.moves().forEach(move -> all.add(move(move), "backstores", move.name(), "move"));
        gateway.targets()
                .forEach(target -> all.add(
                        target(target), "targets", target.config().name().value()));
        gateway.portals()
                .forEach(portal ->
                        all.add(portal(portal), "portals", portal.config().address()));
        gateway.sessions().forEach(session -> all.add(session(session), "sessions", Integer.toString(session.id())));
        gateway.jobs().list().forEach(job -> all.add(job(job), "jobs", job.id()));
        all.add(gateway.backstoreTypes().stream().map(BackstoreTypeStatus::type).toList(), "backstore-types");
        all.add(gateway.layers().types().stream().map(LayerTypeStatus::type).toList(), "layer-types");
        return all;
    }

    private void add(Object thing, String... path) {
        things.put(Paths.of(path), thing);
    }

    private void add(GatewayConfig config) {
        add(config.security(), "security");
        config.initiators().forEach(initiator -> add(initiator, "initiators", initiator.name()));
        config.groups().forEach(group -> add(group, "initiator-groups", group.name()));
    }

    private static Object gateway(GatewayStatus now) {
        return List.of(
                now.portals(),
                now.targets(),
                now.backstores(),
                now.away(),
                now.fenced(),
                now.sessions(),
                now.problems());
    }

    private static Object backstore(BackstoreStatus now) {
        return List.of(
                now.config(),
                now.state(),
                now.problem(),
                now.space().medium(),
                now.space().caution(),
                now.mappings());
    }

    private static Object move(MoveStatus now) {
        return List.of(
                now.state(), now.from(), now.to(), Math.floor(now.progress() * PERCENT), now.pass(), now.problem());
    }

    private static Object job(JobStatus now) {
        return List.of(now.state(), Math.floor(now.progress().orElse(0) * PERCENT), now.cancellable(), now.problem());
    }

    private static Object target(TargetStatus now) {
        return List.of(now.config(), now.sessions());
    }

    private static Object portal(PortalStatus now) {
        PortalConfig config = now.config();
        return List.of(config.group(), config.announce(), config.openToAll(), now.listening(), now.problem());
    }

    private static Object session(SessionStatus now) {
        return List.of(
                now.initiator(),
                now.target(),
                now.since(),
                String.valueOf(now.admittedAs()),
                String.valueOf(now.chapUser()),
                now.connections());
    }

    /** Returns what has become of what there was before. */
    List<Change> since(Snapshot before) {
        List<Change> changes = new ArrayList<>();
        before.things.keySet().stream()
                .filter(path -> !things.containsKey(path))
                .forEach(path -> changes.add(new Change(Kind.REMOVED, path)));
        things.forEach((path, thing) -> {
            Object old = before.things.get(path);
            if (old == null) {
                changes.add(new Change(Kind.MADE, path));
            } else if (!old.equals(thing)) {
                changes.add(new Change(Kind.CHANGED, path));
            }
        });
        if (changes.isEmpty() && config != before.config) {
            // It is as it was, but who has looked in between has seen something else.
            changes.add(new Change(Kind.CHANGED, "/"));
        }
        return changes;
    }
}
