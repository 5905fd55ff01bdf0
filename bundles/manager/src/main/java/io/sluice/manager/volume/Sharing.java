package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.document.SharedJson.Other;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.volume.VolumeRuntime;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agreement with other gateways about a disk: who serves it, and what is known of it. Each gateway has a record of its own
 * about its ports; who serves the disk, and the state of the unit, are written by whoever has the right to the blocks. All that
 * is done is done in turn. Thread-safe.
 */
final class Sharing implements SharedUnit {

    private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);

    /** How old what is known of others is at most; what an initiator asks for is asked for anew. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Duration ASK_AGAIN = Duration.ofMillis(100);

    private static final String REQUEST = "request";
    private static final byte[] NOTHING = {};

    private final GatewayIdentity me;
    private final SharedStorage storage;
    private final VolumeRuntime runtime;
    private final SharingPatience patience;
    private final Turns turns = new Turns();
    private final Looks looks = new Looks(turns, this::lookNow);
    private final Runnable reopen;
    private LogicalUnit unit;
    private Correspondence letters;

    private volatile boolean ended;
    private volatile OtherGateways others = OtherGateways.NONE;
    private volatile String collision = "";

    /** Why what others say is not known; empty if it is. */
    private volatile String ignorance = "";

    /** Why the disk could not be taken when that was tried last; empty if it could. */
    private volatile String refusal = "";

    /** Why the disk could not be served although nobody else had it; to wait does not help. */
    private volatile Throwable inVain;

    /** The rest is touched in turn. */
    private byte[] written = NOTHING;

    private byte[] loaded;

    /**
     * What has been open since this gateway serves the disk, and by which name. While it stands by, others may only be told of what
     * was done until then, and only as long as that is open.
     */
    private volatile Object served;

    private String term = "";

    /** When it is tried again to go on. */
    private long again = System.nanoTime();

    private final Backoff pauses = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /** @param reopen closes the storage, and opens it without the right to the blocks */
    Sharing(
            GatewayIdentity me,
            SharedStorage storage,
            VolumeRuntime runtime,
            SharingPatience patience,
            Runnable reopen) {
        this.me = me;
        this.storage = storage;
        this.runtime = runtime;
        this.patience = patience;
        this.reopen = reopen;
    }

    /** Begins to stand by. */
    void begin(LogicalUnit shared) {
        unit = shared;
        letters = new Correspondence(me, shared, storage, runtime, turns, () -> storage.has(served));
        shared.share(this);
        runtime.schedule(this::look, LOOK);
    }

    /** Returns what the operator should know, one line; empty if all is well. */
    String problem() {
        if (!collision.isEmpty() || !ignorance.isEmpty()) {
            return collision.isEmpty() ? ignorance : collision;
        }
        String server = others.server().gateway();
        return server.isEmpty() || server.equals(me.id()) ? refusal : "";
    }

    boolean standsBy() {
        return unit.standsBy();
    }

    /** The storage goes: nothing of it is served from now on. */
    void lose() {
        if (!unit.standsBy()) {
            LOG.warn("backstore={} is not served here any more", unit.name());
        }
        standBy();
    }

    private void standBy() {
        unit.standBy();
        letters.standBy();
    }

    /** The storage is open: who served it last goes on, as does the first of all. */
    void come() {
        turns.add(() -> {
                    // What was served may have gone while a takeover of it came to its end.
                    if (!storage.has(served)) {
                        standBy();
                    }
                    written = NOTHING;
                    loaded = null;
                    return letters.come()
                            .thenCompose(come -> lookNow())
                            .thenCompose(known -> mayGoOn() ? goOn() : Backstore.done());
                })
                .whenComplete((done, failure) -> told(failure));
    }

    private boolean isMine() {
        return others.server().gateway().equals(me.id());
    }

    /** Who served the disk last goes on, as does the first of all; who gets it is to take it. */
    private boolean mayGoOn() {
        return !ended && unit.standsBy() && (isMine() || others.server().equals(Name.NOBODY));
    }

    private CompletionStage<Void> goOn() {
        return comeBack(others.server()).whenComplete((taken, failure) -> {
            if (failure == null) {
                pauses.reset();
            }
            again = System.nanoTime() + pauses.next().toNanos();
        });
    }

    /**
     * Takes from an earlier life of this gateway what it has left. Who has shut this gateway out may not have said yet that it serves
     * the disk, but says that it is taking it until it has said so: what is asked first is the latter. And who gives the disk lets go
     * of it when all is written.
     */
    private CompletionStage<Void> comeBack(Name seen) {
        boolean left = isMine() && !others.given(me);
        return storage.read(OtherGateways.TAKER, SharedJson::name).thenCompose(taker -> storage.read(
                        OtherGateways.SERVER, SharedJson::name)
                .thenCompose(server -> server.equals(seen) ? takeNow(left && !isOther(taker)) : Backstore.done()));
    }

    private boolean isOther(Name gateway) {
        return !gateway.equals(Name.NOBODY) && !gateway.gateway().equals(me.id());
    }

    private void told(Throwable failure) {
        String before = refusal;
        refusal = failure == null ? "" : Plugin.message(failure);
        if (failure == null) {
            LOG.info("backstore={} {}", unit.name(), unit.standsBy() ? "stands by" : "is served here");
        } else if (!refusal.equals(before)) {
            LOG.warn("backstore={} stands by: {}", unit.name(), refusal);
        }
    }

    private void look() {
        if (ended) {
            return;
        }
        CompletionStage<Void> looked = storage.isOpen()
                ? turns.add(() -> lookNow()
                        .thenCompose(known -> goOnLater())
                        .thenCompose(taken -> hear())
                        .thenCompose(asked -> unit.standsBy() ? Backstore.done() : letters.look()))
                : Backstore.done();
        looked.whenComplete((done, failure) -> {
            ignorance = failure == null || !storage.isOpen() ? "" : Plugin.message(failure);
            runtime.schedule(this::look, LOOK);
        });
    }

    @Override
    public CompletionStage<Void> refresh() {
        return storage.isOpen()
                ? looks.ask()
                : SharedStorage.failed("the storage of backstore " + unit.name() + " is away");
    }

    private static void end(CompletableFuture<Void> waiting, Throwable failure) {
        if (failure == null) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(failure);
        }
    }

    /** Reads what there is, and writes what this gateway says of itself if that is another thing than before. */
    private CompletionStage<Void> lookNow() {
        return OtherGateways.read(storage, me)
                .thenCompose(this::know)
                .thenRun(this::standByIfAnotherServes)
                .thenCompose(known -> unit.standsBy() ? load(false) : Backstore.done())
                .thenCompose(current -> unit.standsBy() ? letters.look() : Backstore.done())
                .thenCompose(current -> letters.served(others.server()))
                .thenCompose(current -> tidy())
                .thenCompose(current -> say());
    }

    @Override
    public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
        return letters.perform(command, others.server());
    }

    /** Whoever gives the disk stands by before it has told all that it has saved, and nobody else has it until it is closed. */
    @Override
    public void established(SharedAttention attention) {
        if (storage.has(served) && !others.all().isEmpty()) {
            letters.tell(attention);
        }
    }

    /** Whoever can be read by, and is named, has the disk: nothing is saved here that it would not have saved. */
    private void standByIfAnotherServes() {
        Name server = others.server();
        if (!unit.standsBy() && !server.term().equals(term)) {
            LOG.error("backstore={} is served by {}: it is served here no more", unit.name(), server.text());
            standBy();
            reopen.run();
        }
    }

    /**
     * Going on was not possible at once; or who served the disk has given it to this gateway, which has asked for it and perhaps does
     * not wait any more: nobody else takes it then.
     */
    private CompletionStage<Void> goOnLater() {
        return mayGoOn() && (others.given(me) || System.nanoTime() - again >= 0)
                ? goOn().handle((taken, failure) -> {
                    told(failure);
                    return null;
                })
                : Backstore.done();
    }

    /** The storage has shut the other one out after all, and nobody waits for it any more. */
    private void takenLate() {
        LOG.warn("backstore={} a takeover that was given up has been answered", unit.name());
        turns.add(() -> ended ? Backstore.done() : takeNow(false).whenComplete((taken, failure) -> told(failure)));
    }

    /**
     * Whoever says that it is taking the disk keeps who served it last from going on by itself: that is not said any longer than it
     * is so.
     */
    private CompletionStage<Void> tidy() {
        boolean said = others.taker().gateway().equals(me.id());
        return said && unit.standsBy() && !storage.isBeingTaken()
                ? storage.put(OtherGateways.TAKER, NOTHING)
                : Backstore.done();
    }

    private CompletionStage<Void> know(OtherGateways known) {
        others = known;
        collision = known.collision(unit.ports());
        unit.setOtherPorts(known.ports());
        return Backstore.done();
    }

    /** Has the unit be as it was saved. */
    private CompletionStage<Void> load(boolean always) {
        return storage.record(SharedUnitState.RECORD).thenCompose(record -> {
            if (!always && Arrays.equals(record, loaded)) {
                return Backstore.done();
            }
            return SharedStorage.parsed(record, SharedJson::state)
                    .thenCompose(unit::reload)
                    .thenRun(() -> loaded = record);
        });
    }

    private CompletionStage<Void> say() {
        byte[] presence = SharedJson.presence(me, unit.ports());
        if (!collision.isEmpty() || Arrays.equals(presence, written)) {
            return Backstore.done();
        }
        return storage.put(OtherGateways.GATEWAY + me.id(), presence).thenRun(() -> written = presence);
    }

    /** Somebody may have asked for the disk. */
    private CompletionStage<Void> hear() {
        if (unit.standsBy()) {
            return Backstore.done();
        }
        return storage.read(REQUEST, SharedJson::name)
                .thenCompose(request -> isOther(request) ? give(request) : Backstore.done());
    }

    /** What is under way ends, and nothing else begins; the storage is flushed and closed then. */
    private CompletionStage<Void> give(Name to) {
        LOG.info("backstore={} is given to {}", unit.name(), to.text());
        standBy();
        // If that cannot be written this gateway goes on, and is asked again.
        CompletionStage<Void> named = storage.put(OtherGateways.SERVER, SharedJson.name(to));
        return named.handle((done, failure) -> settled())
                .thenCompose(settled -> settled)
                .thenCompose(settled -> letters.told(patience.storage()))
                .thenRun(reopen)
                .thenCompose(begun -> named);
    }

    /** Completes when what is being saved has been saved and is about to be told, or after a while: nothing new is saved. */
    private CompletionStage<Void> settled() {
        return unit.settled()
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(null, patience.storage().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** By the will of an initiator: it has lost the other gateway, or wants this one now. */
    @Override
    public CompletionStage<Void> take() {
        CompletableFuture<Void> wanted =
                new CompletableFuture<Void>().orTimeout(patience.initiator().toMillis(), TimeUnit.MILLISECONDS);
        turns.add(() -> wanted.isDone() ? Backstore.done() : takeForGood())
                .whenComplete((done, failure) -> end(wanted, failure));
        return wanted;
    }

    /** Who has given up waiting for its turn does not shut anybody out any more. */
    private CompletionStage<Void> takeForGood() {
        return takeNow(true).whenComplete((done, failure) -> told(failure));
    }

    /**
     * Takes the disk; storage that is only just being opened is waited for.
     *
     * @param force whether who serves it is shut out; otherwise it is asked, and waited for
     */
    CompletionStage<Void> take(boolean force) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        attempt(taken, force, System.nanoTime() + patience.given().toNanos());
        return taken;
    }

    private void attempt(CompletableFuture<Void> taken, boolean force, long deadline) {
        turns.add(() -> (force ? forget() : ask()).thenCompose(done -> takeNow(force)))
                .whenComplete((done, failure) -> {
                    boolean worthwhile = collision.isEmpty() && (!force || !storage.isOpen());
                    if (failure == null) {
                        told(null);
                        taken.complete(null);
                    } else if (worthwhile && Plugin.cause(failure) != inVain && System.nanoTime() < deadline) {
                        runtime.schedule(() -> attempt(taken, force, deadline), ASK_AGAIN);
                    } else {
                        withdraw(force).whenComplete((withdrawn, another) -> taken.completeExceptionally(failure));
                    }
                });
    }

    /** The operator says that gateways which have the ports of this one are gone: one whose machine is replaced leaves its record. */
    private CompletionStage<Void> forget() {
        if (collision.isEmpty() || !unit.standsBy()) {
            return Backstore.done();
        }
        CompletionStage<Void> forgotten = Backstore.done();
        for (Other other : others.inTheWayOf(unit.ports())) {
            LOG.warn(
                    "backstore={} {} is forgotten: {}",
                    unit.name(),
                    other.name().text(),
                    collision);
            forgotten = forgotten.thenCompose(
                    done -> storage.put(OtherGateways.GATEWAY + other.name().gateway(), NOTHING));
        }
        return forgotten.thenCompose(done -> lookNow());
    }

    private CompletionStage<Void> ask() {
        return unit.standsBy() ? storage.put(REQUEST, SharedJson.name(me)) : Backstore.done();
    }

    private CompletionStage<Void> withdraw(boolean force) {
        return force ? Backstore.done() : turns.add(() -> storage.put(REQUEST, NOTHING));
    }

    /** First nobody else can change anything; then what was kept is read, and only then anything is served. */
    private CompletionStage<Void> takeNow(boolean force) {
        if (!unit.standsBy()) {
            return Backstore.done();
        }
        if (!collision.isEmpty()) {
            return SharedStorage.failed(collision);
        }
        Object taking = storage.opened();
        Name now = new Name(me.id(), me.host(), UUID.randomUUID().toString());
        CompletionStage<Void> announced =
                force ? storage.put(OtherGateways.TAKER, SharedJson.name(me)) : Backstore.done();
        return announced.thenCompose(told -> taken(force)).thenCompose(taken -> load(true)
                .thenCompose(current -> letters.look())
                .thenCompose(current -> storage.put(OtherGateways.SERVER, SharedJson.name(now)))
                .thenCompose(named -> storage.put(REQUEST, NOTHING))
                .thenCompose(asked -> storage.put(OtherGateways.TAKER, NOTHING))
                .thenCompose(asked -> know(new OtherGateways(now, Name.NOBODY, others.all())))
                .thenCompose(known -> serve(now, taking))
                .exceptionallyCompose(failure -> {
                    standBy();
                    if (storage.has(taking)) {
                        inVain = Plugin.cause(failure);
                        reopen.run();
                    }
                    return CompletableFuture.failedFuture(failure);
                }));
    }

    /** The right to the blocks goes with the storage, which may have been closed meanwhile, or may be just now. */
    private CompletionStage<Void> serve(Name now, Object taken) {
        if (storage.has(taken)) {
            served = taken;
            term = now.term();
            letters.serve(term);
            unit.serve();
        }
        return storage.has(taken)
                ? letters.served(now)
                : SharedStorage.failed("the storage of backstore " + unit.name() + " was closed while it was taken");
    }

    private CompletionStage<Void> taken(boolean force) {
        return storage.take(force, this::takenLate)
                .exceptionallyCompose(failure -> force ? CompletableFuture.failedFuture(failure) : kept(failure));
    }

    /** Who has the disk has not let go of it. */
    private CompletionStage<Void> kept(Throwable failure) {
        if (others.given(me)) {
            return SharedStorage.failed("it is served here as soon as who gives it has let go of it, or with --force: "
                    + Plugin.message(failure));
        }
        Name server = others.server();
        return server.equals(Name.NOBODY) || server.gateway().equals(me.id())
                ? CompletableFuture.failedFuture(failure)
                : SharedStorage.failed(server.text() + " does not give way: --force shuts it out");
    }

    /** The disk is closed; it may go on at this gateway later. */
    void end() {
        ended = true;
        unit.standBy();
        letters.end();
    }

    /** The disk is none of this gateway any more; completes when others know it, or cannot be told. */
    CompletionStage<Void> leave() {
        end();
        if (!storage.isOpen()) {
            return Backstore.done();
        }
        return turns.add(() ->
                        letters.leave().thenCompose(left -> storage.put(OtherGateways.GATEWAY + me.id(), NOTHING)))
                .exceptionally(failure -> {
                    LOG.warn(
                            "backstore={} others are not told that it has left: {}",
                            unit.name(),
                            Plugin.message(failure));
                    return null;
                });
    }
}
