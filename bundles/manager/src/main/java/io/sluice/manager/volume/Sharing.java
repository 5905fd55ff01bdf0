package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.document.SharedJson.Other;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.volume.VolumeRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private static final long GIVE_SECONDS = 10;
    private static final long REFRESH_SECONDS = 2;
    private static final long TAKE_SECONDS = 20;

    private static final String SERVER = "server";
    private static final String REQUEST = "request";
    private static final String TAKER = "taker";
    private static final String GATEWAY = "gateway.";
    private static final byte[] NOTHING = {};

    private final GatewayIdentity me;
    private final SharedStorage storage;
    private final VolumeRuntime runtime;
    private final Turns turns = new Turns();
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

    /** The look that has not begun and that all wait for who have asked for one; null if there is none. Guarded by this. */
    private CompletableFuture<Void> next;

    /** The rest is touched in turn. */
    private byte[] written = NOTHING;

    private byte[] loaded;

    /** @param reopen closes the storage, and opens it without the right to the blocks */
    Sharing(GatewayIdentity me, SharedStorage storage, VolumeRuntime runtime, Runnable reopen) {
        this.me = me;
        this.storage = storage;
        this.runtime = runtime;
        this.reopen = reopen;
    }

    /** Begins to stand by. */
    void begin(LogicalUnit shared) {
        unit = shared;
        letters = new Correspondence(me, shared, storage, runtime, turns);
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
                    written = NOTHING;
                    loaded = null;
                    return letters.come().thenCompose(come -> lookNow()).thenCompose(known -> {
                        boolean mine = others.server().gateway().equals(me.id());
                        boolean nobody = others.server().equals(Name.NOBODY);
                        return mine || nobody ? comeBack(mine) : Backstore.done();
                    });
                })
                .whenComplete((done, failure) -> told(failure));
    }

    /** Who has just shut this gateway out may not have said yet that it serves the disk: it is not taken back from it. */
    private CompletionStage<Void> comeBack(boolean mine) {
        return storage.record(TAKER).thenCompose(record -> takeNow(mine && !isOther(record)));
    }

    private boolean isOther(byte[] record) {
        return record.length > 0
                && !parsed(() -> SharedJson.name(record)).gateway().equals(me.id());
    }

    private void told(Throwable failure) {
        refusal = failure == null ? "" : Plugin.message(failure);
        if (failure == null) {
            LOG.info("backstore={} {}", unit.name(), unit.standsBy() ? "stands by" : "is served here");
        } else {
            LOG.warn("backstore={} stands by: {}", unit.name(), refusal);
        }
    }

    private void look() {
        if (ended) {
            return;
        }
        CompletionStage<Void> looked = storage.isOpen()
                ? turns.add(() -> lookNow()
                        .thenCompose(known -> hear())
                        .thenCompose(asked -> unit.standsBy() ? Backstore.done() : letters.look()))
                : Backstore.done();
        looked.whenComplete((done, failure) -> {
            ignorance = failure == null || !storage.isOpen() ? "" : Plugin.message(failure);
            runtime.schedule(this::look, LOOK);
        });
    }

    @Override
    public CompletionStage<Void> refresh() {
        if (!storage.isOpen()) {
            return Backstore.done();
        }
        CompletableFuture<Void> look;
        synchronized (this) {
            if (next != null) {
                return next.copy().orTimeout(REFRESH_SECONDS, TimeUnit.SECONDS);
            }
            look = new CompletableFuture<>();
            next = look;
        }
        turns.add(this::lookForAll).whenComplete((done, failure) -> end(look, failure));
        return look.copy().orTimeout(REFRESH_SECONDS, TimeUnit.SECONDS);
    }

    /** Whoever asks from here on is told by the look after this one. */
    private CompletionStage<Void> lookForAll() {
        synchronized (this) {
            next = null;
        }
        return lookNow();
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
        return storage.names()
                .thenCompose(this::others)
                .thenCombine(storage.record(SERVER), Sharing::known)
                .thenCompose(this::know)
                .thenCompose(known -> unit.standsBy() ? load(false) : Backstore.done())
                .thenCompose(current -> unit.standsBy() ? letters.look() : Backstore.done())
                .thenCompose(current -> letters.served(others.server()))
                .thenCompose(current -> say());
    }

    @Override
    public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
        return letters.perform(command, others.server());
    }

    @Override
    public void established(SharedAttention attention) {
        if (!unit.standsBy() && !others.all().isEmpty()) {
            letters.tell(attention);
        }
    }

    private CompletionStage<List<Other>> others(List<String> names) {
        CompletionStage<List<Other>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (String name : names) {
            if (name.startsWith(GATEWAY) && !name.equals(GATEWAY + me.id())) {
                all = all.thenCombine(storage.record(name), Sharing::with);
            }
        }
        return all;
    }

    /** One that was removed meanwhile is there no more. */
    private static List<Other> with(List<Other> known, byte[] record) {
        if (record.length > 0) {
            known.add(parsed(() -> SharedJson.other(record)));
        }
        return known;
    }

    private static OtherGateways known(List<Other> all, byte[] server) {
        return new OtherGateways(parsed(() -> SharedJson.name(server)), List.copyOf(all));
    }

    /** What reads a record. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T parsed(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException wrong) {
            throw new CompletionException(new BackstoreException(Fault.NOT_READY, wrong.getMessage(), wrong));
        }
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
            return unit.reload(parsed(() -> SharedJson.state(record))).thenRun(() -> loaded = record);
        });
    }

    private CompletionStage<Void> say() {
        byte[] presence = SharedJson.presence(me, unit.ports());
        if (!collision.isEmpty() || Arrays.equals(presence, written)) {
            return Backstore.done();
        }
        return storage.put(GATEWAY + me.id(), presence).thenRun(() -> written = presence);
    }

    /** Somebody may have asked for the disk. */
    private CompletionStage<Void> hear() {
        if (unit.standsBy()) {
            return Backstore.done();
        }
        return storage.record(REQUEST)
                .thenCompose(record ->
                        isOther(record) ? give(record, parsed(() -> SharedJson.name(record))) : Backstore.done());
    }

    /** What is under way ends, and nothing else begins; the storage is flushed and closed then. */
    private CompletionStage<Void> give(byte[] name, Name to) {
        LOG.info("backstore={} is given to {}", unit.name(), to.text());
        standBy();
        // If that cannot be written this gateway goes on, and is asked again.
        return storage.put(SERVER, name).whenComplete((named, failure) -> reopen.run());
    }

    /** By the will of an initiator: it has lost the other gateway, or wants this one now. */
    @Override
    public CompletionStage<Void> take() {
        CompletableFuture<Void> wanted = new CompletableFuture<Void>().orTimeout(TAKE_SECONDS, TimeUnit.SECONDS);
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
        attempt(taken, force, System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_SECONDS));
        return taken;
    }

    private void attempt(CompletableFuture<Void> taken, boolean force, long deadline) {
        turns.add(() -> force ? takeNow(true) : ask().thenCompose(asked -> takeNow(false)))
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
        Name now = new Name(me.id(), me.host(), UUID.randomUUID().toString());
        CompletionStage<Void> announced = force ? storage.put(TAKER, SharedJson.name(me)) : Backstore.done();
        return announced.thenCompose(told -> taken(force)).thenCompose(taken -> load(true)
                .thenCompose(current -> letters.look())
                .thenCompose(current -> storage.put(SERVER, SharedJson.name(now)))
                .thenCompose(named -> storage.put(REQUEST, NOTHING))
                .thenCompose(asked -> storage.put(TAKER, NOTHING))
                .thenCompose(asked -> know(new OtherGateways(now, others.all())))
                .thenCompose(known -> serve(now))
                .exceptionallyCompose(failure -> {
                    inVain = Plugin.cause(failure);
                    standBy();
                    reopen.run();
                    return CompletableFuture.failedFuture(failure);
                }));
    }

    private CompletionStage<Void> serve(Name now) {
        letters.serve(now.term());
        unit.serve();
        return letters.served(now);
    }

    private CompletionStage<Void> taken(boolean force) {
        return storage.take(force)
                .exceptionallyCompose(failure -> force || others.server().equals(Name.NOBODY)
                        ? CompletableFuture.failedFuture(failure)
                        : SharedStorage.failed(others.server().text() + " does not give way: --force shuts it out"));
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
        return turns.add(() -> letters.leave().thenCompose(left -> storage.put(GATEWAY + me.id(), NOTHING)))
                .exceptionally(failure -> {
                    LOG.warn(
                            "backstore={} others are not told that it has left: {}",
                            unit.name(),
                            Plugin.message(failure));
                    return null;
                });
    }
}
