package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
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
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final byte[] NOTHING = {};

    private final GatewayIdentity me;
    private final SharedStorage storage;
    private final VolumeRuntime runtime;
    private final SharingPatience patience;
    private final Turns turns = new Turns();
    private final Looks looks = new Looks(turns, this::lookNow);
    private final Runnable reopen;
    private final Resumption resumption;
    private final Claim claim;
    private LogicalUnit unit;
    private Known known;
    private Correspondence letters;

    /** How many want the disk here now. */
    private final AtomicInteger demands = new AtomicInteger();

    private volatile boolean ended;
    /** The rest is touched in turn. */
    private byte[] written = NOTHING;

    private byte[] loaded;

    /**
     * What has been open since this gateway serves the disk, and by which name. While it stands by, others may only be told of what
     * was done until then, and only as long as that is open.
     */
    private volatile Object served;

    private String term = "";

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
        this.resumption = new Resumption(me, patience.untaken());
        this.claim = new Claim(me, storage, patience.taking());
    }

    /** Begins to stand by. */
    void begin(LogicalUnit shared) {
        unit = shared;
        known = new Known(shared, storage, resumption);
        letters = new Correspondence(me, shared, storage, runtime, turns, () -> storage.has(served), this::hear);
        shared.share(this);
        runtime.schedule(this::look, LOOK);
    }

    /** Returns what the operator should know, one line; empty if all is well. */
    String problem() {
        return known.problem();
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
                    resumption.opened();
                    return letters.come()
                            .thenCompose(come -> lookNow())
                            .thenCompose(seen -> isIdle() && resumption.isOwn(known.others()) && resumption.isRested()
                                    ? goOn()
                                    : Backstore.done())
                            // What is tried again later is still the matter.
                            .thenApply(done -> resumption.isRested());
                })
                .whenComplete((rested, failure) -> {
                    if (failure != null || rested) {
                        known.told(failure);
                    }
                });
    }

    private boolean isIdle() {
        return !ended && unit.standsBy();
    }

    private CompletionStage<Void> goOn() {
        return comeBack(known.server()).whenComplete((taken, failure) -> resumption.tried(failure));
    }

    /**
     * Takes from an earlier life of this gateway what it has left. Who has shut this gateway out may not have said yet that it serves
     * the disk, but says that it is taking it until it has said so: what is asked first is the latter. And who gives the disk lets go
     * of it when all is written.
     */
    private CompletionStage<Void> comeBack(Name seen) {
        boolean left = resumption.isMine(known.others()) && !resumption.isGiven(known.others());
        return storage.read(OtherGateways.TAKER, SharedJson::name)
                .thenCompose(taker -> storage.read(OtherGateways.SERVER, SharedJson::name)
                        .thenCompose(server ->
                                server.equals(seen) ? takeNow(left && !claim.isOthers(taker)) : Backstore.done()));
    }

    private void look() {
        if (ended) {
            return;
        }
        CompletionStage<Void> looked = storage.isOpen()
                ? turns.add(() -> lookNow()
                        .thenCompose(seen -> goOnLater())
                        .thenCompose(taken -> hear())
                        .thenCompose(asked -> unit.standsBy() ? Backstore.done() : letters.look()))
                : Backstore.done();
        looked.whenComplete((done, failure) -> {
            known.looked(failure);
            runtime.schedule(this::look, LOOK);
        });
    }

    @Override
    public CompletionStage<Void> refresh() {
        return storage.isOpen()
                ? looks.ask()
                : SharedStorage.failed("the storage of backstore " + unit.name() + " is away");
    }

    /** Reads what there is, and writes what this gateway says of itself if that is another thing than before. */
    private CompletionStage<Void> lookNow() {
        return OtherGateways.read(storage, me)
                .thenCompose(known::learn)
                .thenRun(() -> claim.see(known.others().taker()))
                .thenRun(this::standByIfAnotherServes)
                .thenCompose(seen -> unit.standsBy() ? load(false) : Backstore.done())
                .thenCompose(current -> unit.standsBy() ? letters.look() : Backstore.done())
                .thenCompose(current -> letters.served(known.server()))
                .thenCompose(current -> tidy())
                .thenCompose(current -> say());
    }

    @Override
    public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
        return letters.perform(command, known.server());
    }

    /** Whoever gives the disk stands by before it has told all that it has saved, and nobody else has it until it is closed. */
    @Override
    public void established(SharedAttention attention) {
        if (storage.has(served) && !known.others().all().isEmpty()) {
            letters.tell(attention);
        }
    }

    /** Whoever can be read by, and is named, has the disk: nothing is saved here that it would not have saved. */
    private void standByIfAnotherServes() {
        Name server = known.server();
        if (!unit.standsBy() && !server.term().equals(term)) {
            LOG.error("backstore={} is served by {}: it is served here no more", unit.name(), server.text());
            standBy();
            reopen.run();
        }
    }

    /** Going on was not possible at once, or the disk was given to this gateway, or is not taken by who has got it. */
    private CompletionStage<Void> goOnLater() {
        boolean back = isIdle() && resumption.mayTakeBack(known.others());
        if (back) {
            LOG.warn(
                    "backstore={} is taken back: {} has not taken it",
                    unit.name(),
                    resumption.gaveTo().text());
        }
        return back || isIdle() && resumption.mayGoOn(known.others())
                ? goOn().handle((taken, failure) -> {
                    known.told(failure);
                    return null;
                })
                : Backstore.done();
    }

    /** The storage has shut the other one out after all, and nobody waits for it any more. */
    private void takenLate() {
        LOG.warn("backstore={} a takeover that was given up has been answered", unit.name());
        turns.add(
                () -> ended ? Backstore.done() : takeNow(false).whenComplete((taken, failure) -> known.told(failure)));
    }

    /**
     * Whoever says that it is taking the disk keeps who served it last from going on by itself, and would be given what it asks for:
     * neither is said any longer than it is so.
     */
    private CompletionStage<Void> tidy() {
        if (!unit.standsBy()) {
            return Backstore.done();
        }
        OtherGateways others = known.others();
        boolean said = others.taker().gateway().equals(me.id()) && !storage.isBeingTaken();
        CompletionStage<Void> unsaid = said ? claim.unsay() : Backstore.done();
        return unsaid.thenCompose(tidied -> others.asked() && demands.get() == 0 ? claim.withdraw() : Backstore.done());
    }

    /** Has the unit be as it was saved. */
    private CompletionStage<Void> load(boolean always) {
        return storage.record(SharedUnitState.RECORD).thenCompose(record -> {
            if (!always && Arrays.equals(record, loaded)) {
                return Backstore.done();
            }
            return storage.parsed(SharedUnitState.RECORD, record, SharedJson::state)
                    .thenCompose(unit::reload)
                    .thenRun(() -> loaded = record);
        });
    }

    private CompletionStage<Void> say() {
        byte[] presence = SharedJson.presence(me, unit.ports());
        if (!known.collision().isEmpty() || Arrays.equals(presence, written)) {
            return Backstore.done();
        }
        return storage.put(OtherGateways.GATEWAY + me.id(), presence).thenRun(() -> written = presence);
    }

    /** Somebody may have asked for the disk; in turn. */
    private CompletionStage<Void> hear() {
        if (unit.standsBy()) {
            return Backstore.done();
        }
        return storage.read(OtherGateways.REQUEST, SharedJson::name)
                .thenCompose(request -> isThere(request) ? give(request) : Backstore.done());
    }

    /** Who has left the disk, or was forgotten, does not take it. */
    private boolean isThere(Name gateway) {
        return known.others().all().stream()
                .anyMatch(other -> other.name().gateway().equals(gateway.gateway()));
    }

    /** What is under way ends, and nothing else begins; the storage is flushed and closed then. */
    private CompletionStage<Void> give(Name to) {
        LOG.info("backstore={} is given to {}", unit.name(), to.text());
        standBy();
        Name taker = new Name(to.gateway(), to.host(), "");
        // What is given up may still be written before the storage is closed.
        resumption.gave(taker);
        // If that cannot be written this gateway goes on, and is asked again.
        CompletionStage<Void> named = storage.put(OtherGateways.SERVER, SharedJson.name(taker));
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
        return begin(Demand.ofInitiator(turns, runtime, new Taking(false), patience));
    }

    /**
     * Takes the disk; storage that is only just being opened is waited for.
     *
     * @param force whether who serves it is shut out; otherwise it is asked, and waited for
     */
    CompletionStage<Void> take(boolean force) {
        return begin(Demand.ofOperator(turns, runtime, new Taking(true), patience, force));
    }

    private CompletionStage<Void> begin(Demand demand) {
        demands.incrementAndGet();
        return demand.begin().whenComplete((served, failure) -> demands.decrementAndGet());
    }

    /** What is done for somebody who wants the disk here. */
    private final class Taking implements Demand.Steps {
        private final boolean operator;

        Taking(boolean operator) {
            this.operator = operator;
        }

        /** Each notice has all look at the header of the storage, and who has missed one looks now and then anyway. */
        @Override
        public CompletionStage<Void> ask(boolean first) {
            if (!unit.standsBy()) {
                return Backstore.done();
            }
            if (!known.collision().isEmpty()) {
                return SharedStorage.failed(known.collision());
            }
            return readable()
                    .thenCompose(readable -> storage.put(OtherGateways.REQUEST, SharedJson.name(me)))
                    .thenRun(() -> {
                        if (first) {
                            storage.announce();
                        }
                    });
        }

        @Override
        public CompletionStage<Void> look() {
            return known.lookWhoServes();
        }

        @Override
        public CompletionStage<Void> take(boolean force) {
            CompletionStage<Void> ready =
                    force && operator ? forget().thenCompose(forgotten -> nameAgain()) : Backstore.done();
            return ready.thenCompose(done -> takeNow(force)).whenComplete((taken, failure) -> {
                if (failure == null || force && !operator) {
                    known.told(failure);
                }
            });
        }

        @Override
        public CompletionStage<Void> withdraw() {
            return storage.put(OtherGateways.REQUEST, NOTHING);
        }

        @Override
        public boolean isHopeless(Throwable failure) {
            return !known.collision().isEmpty() || resumption.wasInVain(failure);
        }

        @Override
        public boolean given() {
            return resumption.isGiven(known.others());
        }

        @Override
        public boolean isOpen() {
            return storage.isOpen();
        }
    }

    /** Who serves the disk knows that, and the operator says that nobody else does, where records of that cannot be read. */
    private CompletionStage<Void> nameAgain() {
        if (unit.standsBy()) {
            return Backstore.done();
        }
        byte[] own = SharedJson.name(new Name(me.id(), me.host(), term));
        return renew(OtherGateways.SERVER, own)
                .thenCompose(named -> renew(OtherGateways.TAKER, NOTHING))
                .thenCompose(said -> renew(OtherGateways.REQUEST, NOTHING));
    }

    private CompletionStage<Void> renew(String record, byte[] value) {
        return storage.read(record, SharedJson::name)
                .thenAccept(readable -> {})
                .exceptionallyCompose(torn -> storage.put(record, value));
    }

    private CompletionStage<Void> forget() {
        if (known.collision().isEmpty() || !unit.standsBy()) {
            return Backstore.done();
        }
        return known.forget().thenCompose(forgotten -> lookNow());
    }

    /**
     * First nobody else can change anything; then what was kept is read, and only then anything is served. It is said before, also
     * where nobody is shut out: who has just lost its storage would take the disk back otherwise.
     */
    private CompletionStage<Void> takeNow(boolean force) {
        if (!unit.standsBy()) {
            return Backstore.done();
        }
        if (!known.collision().isEmpty()) {
            return SharedStorage.failed(known.collision());
        }
        Object taking = storage.opened();
        Name now = new Name(me.id(), me.host(), UUID.randomUUID().toString());
        CompletionStage<Void> said = readable().thenCompose(readable -> claim.say(force));
        return said.thenCompose(told -> taken(force)).thenCompose(taken -> load(true)
                .thenCompose(current -> letters.look())
                .thenCompose(current -> storage.put(OtherGateways.SERVER, SharedJson.name(now)))
                .thenCompose(named -> storage.put(OtherGateways.REQUEST, NOTHING))
                .thenCompose(asked -> claim.unsay())
                .thenCompose(asked -> known.learn(now))
                .thenCompose(seen -> serve(now, taking))
                .exceptionallyCompose(failure -> {
                    standBy();
                    if (storage.has(taking)) {
                        resumption.failedInVain(failure, known.server());
                        reopen.run();
                    }
                    return CompletableFuture.failedFuture(failure);
                }));
    }

    /** Nobody is asked for a disk, or shut out of it, that could not be served here: who serves it knows its reservations. */
    private CompletionStage<Void> readable() {
        return storage.read(SharedUnitState.RECORD, SharedJson::state).thenAccept(state -> {});
    }

    /** The right to the blocks goes with the storage, which may have been closed meanwhile, or may be just now. */
    private CompletionStage<Void> serve(Name now, Object taken) {
        if (storage.has(taken)) {
            served = taken;
            resumption.served();
            term = now.term();
            letters.serve(term);
            unit.serve();
        }
        return storage.has(taken)
                ? letters.served(now)
                : SharedStorage.failed("the storage of backstore " + unit.name() + " was closed while it was taken");
    }

    private CompletionStage<Void> taken(boolean force) {
        return storage.take(force, this::takenLate).exceptionallyCompose(failure -> unsaid().thenCompose(
                        done -> force ? Backstore.done() : known.lookWhoServes())
                .thenCompose(seen -> force ? CompletableFuture.failedFuture(failure) : known.kept(failure)));
    }

    /** What could not be taken is not being taken any more, unless nobody knows; where that cannot be written it is tidied later. */
    private CompletionStage<Void> unsaid() {
        return storage.isBeingTaken() ? Backstore.done() : claim.unsay().exceptionally(notWritten -> null);
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
        return turns.add(() -> letters.leave()
                        .thenCompose(left -> claim.withdraw())
                        .thenCompose(left -> storage.put(OtherGateways.GATEWAY + me.id(), NOTHING)))
                .exceptionally(failure -> {
                    LOG.warn(
                            "backstore={} others are not told that it has left: {}",
                            unit.name(),
                            Plugin.message(failure));
                    return null;
                });
    }
}
