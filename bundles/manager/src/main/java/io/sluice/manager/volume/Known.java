package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.document.SharedJson.Other;
import io.sluice.scsi.target.LogicalUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway knows of the others that have a disk, and what its operator is told of that. It is learnt in turn, and read by
 * anybody.
 */
final class Known {

    private static final Logger LOG = LoggerFactory.getLogger(Known.class);
    private static final byte[] NOTHING = {};

    private final LogicalUnit unit;
    private final SharedStorage storage;
    private final Resumption resumption;
    private volatile OtherGateways others = OtherGateways.NONE;
    private volatile String collision = "";

    /** Why what others say is not known; empty if it is. */
    private volatile String ignorance = "";

    /** Why the disk could not be taken when that was tried last; empty if it could. */
    private volatile String refusal = "";

    Known(LogicalUnit unit, SharedStorage storage, Resumption resumption) {
        this.unit = unit;
        this.storage = storage;
        this.resumption = resumption;
    }

    OtherGateways others() {
        return others;
    }

    /** Returns who serves the disk, or is to. */
    Name server() {
        return others.server();
    }

    /** Returns why ports of this gateway cannot be told from others, one line; empty if they can. */
    String collision() {
        return collision;
    }

    CompletionStage<Void> learn(OtherGateways known) {
        others = known;
        collision = known.collision(unit.ports());
        unit.setOtherPorts(known.ports(resumption.isUnserved(known)));
        return Backstore.done();
    }

    /** Somebody serves the disk, and nobody is taking it. */
    CompletionStage<Void> learn(Name server) {
        return learn(new OtherGateways(server, Name.NOBODY, false, others.all()));
    }

    /** Looks who serves the disk, as far as that can be seen. */
    CompletionStage<Void> lookWhoServes() {
        return storage.read(OtherGateways.SERVER, SharedJson::name)
                .thenCompose(server -> learn(others.with(server)))
                .exceptionally(unknown -> null);
    }

    /**
     * The operator says that gateways which have the ports of this one are gone: one whose machine is replaced leaves its record.
     *
     * @return completes when their records are removed
     */
    CompletionStage<Void> forget() {
        CompletionStage<Void> forgotten = Backstore.done();
        for (Other other : others.inTheWayOf(unit.ports())) {
            String gone = other.name().text();
            LOG.warn("backstore={} {} is forgotten: {}", unit.name(), gone, collision);
            forgotten = forgotten.thenCompose(
                    done -> storage.put(OtherGateways.GATEWAY + other.name().gateway(), NOTHING));
        }
        return forgotten;
    }

    /** The disk was to be taken, or stands by. */
    void told(Throwable failure) {
        String before = refusal;
        refusal = failure == null ? "" : Plugin.message(failure);
        if (failure == null) {
            LOG.info("backstore={} {}", unit.name(), unit.standsBy() ? "stands by" : "is served here");
        } else if (!refusal.equals(before)) {
            LOG.warn("backstore={} stands by: {}", unit.name(), refusal);
        }
    }

    /** It was looked what others say. */
    void looked(Throwable failure) {
        ignorance = failure == null || !storage.isOpen() ? "" : Plugin.message(failure);
    }

    /** Returns what the operator should know, one line; empty if all is well. */
    String problem() {
        if (!collision.isEmpty() || !ignorance.isEmpty()) {
            return collision.isEmpty() ? ignorance : collision;
        }
        return resumption.isOnIt(others) || resumption.isUntaken(others) ? refusal : "";
    }

    /** Returns what to do when who has the disk has not let go of it, as a stage that has failed with that. */
    CompletionStage<Void> kept(Throwable failure) {
        if (resumption.isGiven(others)) {
            return SharedStorage.failed("it is served here as soon as who gives it has let go of it, or with --force: "
                    + Plugin.message(failure));
        }
        if (resumption.isUntaken(others)) {
            return SharedStorage.failed("it was given to " + server().text()
                    + ", which has not come so far as to serve it: --force takes it back: " + Plugin.message(failure));
        }
        return resumption.isOwn(others)
                ? CompletableFuture.failedFuture(failure)
                : SharedStorage.failed(server().text() + " does not give way: --force shuts it out");
    }
}
