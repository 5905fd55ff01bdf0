package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.Resize;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreStatus.Operations;
import io.sluice.management.BackstoreStatus.Space;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.management.BackstoreStatus.Traffic;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.UnitStateFiles;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.volume.OperationKind;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeStatistics;
import io.sluice.volume.VolumeStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configured backstore: its volume, and the logical unit over it, which stay when the storage goes and heal when it is
 * back. Thread-safe. Nothing here waits.
 */
public final class Disk {

    private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

    private final DiskRuntime runtime;
    private final UnitStateFiles stateFiles;
    private final Volume volume;
    private final LogicalUnit logicalUnit;
    private final SwappableStore store;
    private final SpaceInUse space;

    /** What other gateways have to do with it; null if none has it. */
    private final Sharing sharing;

    /** Why the state that outlives the process could not be read: the unit is not served then. Empty if it could. */
    private final String unreadable;

    private volatile BackstoreConfig config;

    /** @param opener opens its store */
    public Disk(BackstoreConfig config, StoreOpener opener, DiskRuntime runtime) {
        this.config = config;
        this.runtime = runtime;
        DiskRuntime.Settings settings = runtime.settings();
        stateFiles =
                new UnitStateFiles(runtime.stateListing(), config.identity().naa(), runtime.stateWriter());
        volume = new Volume(config.name(), geometry(config), settings.volumes(), runtime.volumes());
        store = new SwappableStore(volume, config, opener, runtime);
        String refusal = "";
        LogicalUnit unit;
        Sharing shared = null;
        try {
            if (isShared(config)) {
                GatewayIdentity me = GatewayIdentity.of(settings.stateFolder());
                SharingPatience patience = settings.sharing();
                SharedStorage storage =
                        new SharedStorage(volume, () -> store.snapshot().store(), patience.storage());
                unit = unit(new SharedUnitState(storage, () -> !sharing().standsBy()), UnitState.NEW);
                shared = new Sharing(
                        me,
                        storage,
                        runtime.volumes(),
                        patience,
                        () -> store.restart("it is given to another gateway"));
            } else {
                stateFiles.settle(config.name());
                volume.rememberDoubts(stateFiles.doubt(), stateFiles::keepDoubt);
                unit = unit(stateFiles, stateFiles.load());
            }
        } catch (IOException | RuntimeException invalid) {
            refusal = String.valueOf(invalid.getMessage());
            LOG.error("backstore={} offline: {}", config.name(), refusal, invalid);
            unit = unit(UnitStateStore.NONE, UnitState.NEW);
        }
        unreadable = refusal;
        logicalUnit = unit;
        unit.listen(erasure -> runtime.erasing(config.name(), erasure));
        sharing = shared;
        if (shared != null) {
            shared.begin(unit);
            store.share(shared);
        }
        space = new SpaceInUse(volume, runtime.questions());
        volume.listen(space);
    }

    /** For what is asked later than it is made. */
    private Sharing sharing() {
        return sharing;
    }

    private LogicalUnit unit(UnitStateStore stateStore, UnitState state) {
        return new LogicalUnit(
                volume,
                config.identity(),
                new UnitOptions(
                        config.thin(),
                        config.readOnly(),
                        config.removable(),
                        config.thin() && config.unmap(),
                        config.thresholdPercent(),
                        runtime.settings().erasureBytesPerSecond(),
                        config.writeThrough(),
                        !config.layers().isEmpty()),
                stateStore,
                state,
                runtime.copyDomain());
    }

    private static boolean isShared(BackstoreConfig config) {
        return "yes".equals(config.options().get(BackstoreOption.SHARED.name()));
    }

    private static BlockGeometry geometry(BackstoreConfig config) {
        return new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
    }

    /** Returns the logical unit. */
    public LogicalUnit logicalUnit() {
        return logicalUnit;
    }

    /** Returns the configuration. */
    public BackstoreConfig config() {
        return config;
    }

    /** Takes another size, which the store has already; initiators are told. */
    public void update(BackstoreConfig changed) {
        config = changed;
        store.update(changed);
        volume.setGeometry(geometry(changed));
    }

    /** Opens the store as soon as the bundles for it are there. */
    public void open() {
        if (unreadable.isEmpty()) {
            store.look();
        }
    }

    /** Takes the store that has been opened to make the disk; completes when it is in use. */
    public CompletionStage<Void> begin(NewStorage made) {
        return unreadable.isEmpty() ? store.begin(made.opening()) : notReady(unreadable);
    }

    /**
     * Gives the store away, flushed and open: the disk is closed then.
     *
     * @return fails if it is not online or cannot be flushed, and then keeps it
     */
    public CompletionStage<GivenStore> release(String why) {
        return store.release(why).thenApply(opening -> new GivenStore(config, opening));
    }

    /** Takes a store back, or one that another disk still has, which {@link #come} says when it has no more. */
    public void expect(GivenStore given) {
        store.expect(given.opening());
    }

    /** Takes a store that was expected. */
    public void come(GivenStore given) {
        store.come(given.opening());
    }

    /**
     * Goes over to another store with the same logical unit.
     *
     * @param changed its configuration from then on
     * @param given its store, open
     * @param limit how long operations that run may take to end
     * @param decision made while no operation runs; {@link #adopt} is a part of it; if it fails, nothing has changed
     * @return completes with the store that was in use, which stays open
     */
    public CompletionStage<Left> become(
            BackstoreConfig changed,
            GivenStore given,
            Duration limit,
            Function<Backstore, CompletionStage<Void>> decision) {
        BackstoreConfig before = config;
        return store.exchange(given.opening(), changed, limit, decision).thenApply(left -> {
            volume.setGeometry(geometry(changed));
            space.ask();
            return new Left(new GivenStore(before, left.opening()), left.unused());
        });
    }

    /**
     * Gives the blocks to another unit, with what is kept aside for them, because this one gets those of another backstore: part
     * of the decision to {@link #become} or {@link #take} it.
     *
     * @param successor name of the other backstore
     * @param former the other unit
     * @param decision what decides; {@link LogicalUnit#mediumExchanged} is a part of it
     * @return fails if nothing has changed
     */
    public CompletionStage<Void> leaveMedium(
            String successor, UnitIdentity former, Supplier<CompletionStage<Void>> decision) {
        if (!logicalUnit.leaveMedium()) {
            return notReady(erasing());
        }
        // What comes after waits for other files of the same thread.
        Executor elsewhere = runtime.volumes().executor();
        return stateFiles
                .hand(former.naa(), successor)
                .thenComposeAsync(handed -> decision.get(), elsewhere)
                .handle((decided, failure) -> stateFiles
                        .handed(failure == null)
                        .exceptionally(this::leftBehind)
                        .thenComposeAsync(
                                swept -> failure == null
                                        ? Backstore.done()
                                        : CompletableFuture.<Void>failedFuture(failure),
                                elsewhere))
                .thenCompose(Function.identity());
    }

    private Void leftBehind(Throwable failure) {
        LOG.warn("backstore={} what was kept aside for its former blocks is left behind: {}", config.name(), failure);
        return null;
    }

    private String erasing() {
        return "backstore " + config.name() + " is being erased by an initiator: wait until that is over";
    }

    /** As {@link #become}, while the disk has no store; nothing is left behind then. */
    public CompletionStage<Void> take(
            BackstoreConfig changed, GivenStore given, Supplier<CompletionStage<Void>> decision) {
        return store.take(given.opening(), changed, decision).thenRun(() -> {
            volume.setGeometry(geometry(changed));
            space.ask();
        });
    }

    /** Returns whether operations go to a store, well or not. */
    public boolean isOpen() {
        return store.isOpen();
    }

    /** Takes the name and the settings of the other storage: part of the decision to {@link #become} it. */
    public void adopt(BackstoreConfig changed) {
        config = changed;
        volume.rename(changed.name());
    }

    /** The operator goes on with what the next store has; part of the decision to {@link #become} it. */
    public void trust() {
        volume.trust();
    }

    /** It gets the store that another disk leaves, with what is known of it there; see {@link Volume#suspectAs}. */
    public void suspectAs(Disk other) {
        volume.suspectAs(other.volume);
    }

    /** Puts something around every store from now on, or around none any more; see {@link Volume#wrap}. */
    public CompletionStage<Void> wrap(UnaryOperator<Backstore> wrapper, Duration limit) {
        return store.wrap(wrapper, limit);
    }

    /** Returns the store in use, which stays here. */
    public GivenStore inUse() {
        return new GivenStore(config, store.present());
    }

    /**
     * A store that another one has taken the place of, and that is still open.
     *
     * @param given the store
     * @param unused completes when nothing of it is in use
     */
    public record Left(GivenStore given, CompletionStage<?> unused) {}

    /** Returns whether the store has an ability. */
    public boolean can(Class<?> ability) {
        return volume.can(ability);
    }

    /** Returns why its blocks cannot be taken elsewhere now, one line; empty if they can. */
    public String unfit() {
        BackstoreStatus now = status(List.of());
        if (now.state() != State.ONLINE && now.state() != State.FULL) {
            return "backstore " + config.name() + " is not online"
                    + (now.problem().isEmpty() ? "" : ": " + now.problem());
        }
        return unfitForOthers();
    }

    /** Returns why its unit cannot have other blocks now, one line; empty if it can, whatever its storage is like. */
    public String unfitForOthers() {
        String name = config.name();
        if (sharing != null) {
            return "backstore " + name + " is shared with another gateway, and stays where it is";
        }
        if (!unreadable.isEmpty()) {
            return "backstore " + name + " is not served: " + unreadable;
        }
        if (volume.status().overdue() > 0) {
            return "backstore " + name + ": " + volume.status().problem() + ", and could still write";
        }
        return logicalUnit.erasing() ? erasing() : "";
    }

    /** Opens the store anew; see {@link DiskStore#reopen}. */
    public CompletionStage<Void> reopen(boolean empty) {
        return unreadable.isEmpty() ? store.reopen(empty) : notReady(unreadable + ", then restart");
    }

    /**
     * A bundle goes.
     *
     * @return completes when nothing of it is in use here
     */
    public CompletionStage<Void> withdrawn(Offer<?> offer) {
        return store.withdrawn(offer);
    }

    /** Leaves a store whose bundle has gone before anybody knew of this disk. */
    public void leaveIfGone() {
        store.leaveIfGone();
    }

    /** Puts other layers on the store; see {@link DiskStore#relayer}. */
    public CompletionStage<Void> relayer(BackstoreConfig wanted, String format, Supplier<CompletionStage<Void>> save) {
        if (sharing != null) {
            return notReady(
                    "backstore " + config.name() + " is shared with another gateway: name its layers when it is made");
        }
        return store.relayer(wanted, format, save);
    }

    /**
     * Gives a layer other settings: while it is in use if it can, else by opening it anew.
     *
     * @param index which layer, from the store upwards
     * @param save writes {@code wanted} down
     */
    public CompletionStage<Void> reconfigure(BackstoreConfig wanted, int index, Supplier<CompletionStage<Void>> save) {
        ContainedStore open = store.snapshot().store();
        if (open == null) {
            return save.get().thenCompose(saved -> reopen(false));
        }
        LiveLayer layer = new LiveLayer(open.at(index + 1), volume, runtime.storeThreads());
        return layer.able()
                .thenCompose(able -> able.isEmpty()
                        ? relayer(wanted, null, save)
                        : layer.become(able.get(), wanted.layers().get(index), save));
    }

    /** Makes the store larger, but not yet what initiators see; see {@link #update}. */
    public CompletionStage<Void> resize(long sizeBytes) {
        ContainedStore open = store.snapshot().store();
        if (open == null) {
            return notReady("backstore " + config.name() + " is away: "
                    + status(List.of()).problem());
        }
        return Plugin.call(open.executor(), () -> CompletableFuture.completedFuture(volume.can(Resize.class)))
                .thenCompose(able -> able
                        ? Plugin.run(open.executor(), () -> volume.resize(sizeBytes / config.blockSize()))
                        : notReady("backstore " + config.name() + " cannot be resized"));
    }

    private static CompletionStage<Void> notReady(String why) {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, why));
    }

    /**
     * Takes a disk that another gateway has too.
     *
     * @param force whether who serves it is shut out; otherwise it is asked, and waited for
     * @return completes when it is served here; fails with what is to be done
     */
    public CompletionStage<Void> take(boolean force) {
        if (sharing == null) {
            return notReady("backstore " + config.name() + " is of this gateway alone: it was made without shared=yes");
        }
        return sharing.take(force);
    }

    /** As {@link #close}, and tells other gateways that they have it without this one. */
    public CompletionStage<Void> leave(String why) {
        return sharing == null ? close(why) : sharing.leave().thenCompose(told -> close(why));
    }

    /** Ends the disk. Completes when its store is closed, which may take as long as it likes. */
    public CompletionStage<Void> close(String why) {
        if (sharing != null) {
            sharing.end();
        }
        return store.close(why);
    }

    /** Removes the state that outlives the process: the unit is gone for good. */
    public void forget() {
        try {
            stateFiles.delete();
        } catch (IOException failed) {
            LOG.warn("backstore={} its state is left behind: {}", config.name(), failed.getMessage());
        }
    }

    /** @param mappings where it is mapped */
    public BackstoreStatus status(List<String> mappings) {
        VolumeStatus now = volume.status();
        StoreSnapshot snapshot = store.snapshot();
        if (snapshot.store() != null) {
            snapshot.store().refreshHealth(runtime.questions(), health -> {});
        }
        Condition condition = condition(now, snapshot);
        if (condition.state() == State.FULL) {
            // Whether there is room again turns out when it is asked for.
            space.ask();
        }
        return new BackstoreStatus(
                config,
                condition.state(),
                condition.problem(),
                new Operations(now.running(), now.held(), now.overdue()),
                space(snapshot.store()),
                traffic(),
                mappings);
    }

    /** Asks for news of the space that it takes, which a later {@link #status} has. */
    public void askForSpace() {
        space.ask();
    }

    private Space space(ContainedStore open) {
        return open == null ? space.last() : space.last().on(open.medium(), open.caution());
    }

    private Traffic traffic() {
        VolumeStatistics statistics = volume.statistics();
        long errors = 0;
        for (OperationKind kind : OperationKind.values()) {
            errors += statistics.failures(kind);
        }
        return new Traffic(
                statistics.count(OperationKind.READ),
                statistics.count(OperationKind.WRITE),
                statistics.bytes(OperationKind.READ),
                statistics.bytes(OperationKind.WRITE),
                errors);
    }

    private Condition condition(VolumeStatus now, StoreSnapshot snapshot) {
        if (!unreadable.isEmpty()) {
            return new Condition(State.FAILED, unreadable);
        }
        if (snapshot.phase() != Phase.OPEN) {
            return Condition.without(snapshot, config.name(), runtime.settings().patience());
        }
        if (now.overdue() > 0) {
            return new Condition(State.FENCED, now.problem() + ": look after the storage below it");
        }
        if (sharing != null && sharing.standsBy()) {
            return new Condition(State.STANDBY, sharing.problem());
        }
        String others = sharing == null ? "" : sharing.problem();
        return Condition.with(now.health(), others, logicalUnit::spaceProblem, config.name(), snapshot.keepsData());
    }
}
