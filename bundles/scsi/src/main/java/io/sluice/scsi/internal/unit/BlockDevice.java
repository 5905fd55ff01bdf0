package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.internal.mode.ModePages;
import io.sluice.scsi.internal.reservation.Reservations;
import io.sluice.scsi.internal.state.DurableState;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeListener;
import io.sluice.volume.claim.Claim;
import io.sluice.volume.claim.Claimant;
import io.sluice.volume.claim.Gate;
import io.sluice.volume.log.SeldomLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * What a logical unit is and keeps, as its commands see it: a direct-access block device (SBC-4 4.2), its medium and what it
 * knows of each nexus. It knows nothing of tasks. Thread-safe.
 */
public final class BlockDevice {

    private final UnitIdentity identity;
    private final UnitOptions options;
    private final UnitAttentions attentions = new UnitAttentions(this);
    private final DeferredErrors deferredErrors = new DeferredErrors();
    private final WriteIntents writeIntents;
    private final DurableState durable;
    private final ModePages modePages;
    private final Reservations reservations;
    private final RemovableMedium medium;
    private final MediumErasure erasure;
    private final ProvisioningThreshold threshold;
    private final UnitStatistics statistics = new UnitStatistics();
    private final SeldomLog faults = new SeldomLog();
    private final EchoBuffers echoBuffers = new EchoBuffers();
    private final CopyOperations copyOperations = new CopyOperations();
    private final RepresentationsOfData representations = new RepresentationsOfData();
    private final CopyManager copyManager;
    private final UnitAccess access = new UnitAccess();
    private final UnitPorts ports = new UnitPorts(access);
    private final BlockLimits limits;
    private final Volume volume;
    private volatile boolean lends = true;

    /**
     * See {@link io.sluice.scsi.target.LogicalUnit}.
     */
    public BlockDevice(
            Volume volume,
            UnitIdentity identity,
            UnitOptions options,
            UnitStateStore stateStore,
            UnitState state,
            CopyManager copyManager) {
        this.volume = volume;
        this.identity = identity;
        this.options = options;
        this.writeIntents = new WriteIntents(volume.name(), stateStore, volume);
        this.durable = new DurableState(volume.name(), stateStore, state);
        this.modePages = new ModePages(durable, options.writeThrough());
        this.reservations = new Reservations(durable, this::attention);
        this.medium = new RemovableMedium(options.removable());
        this.erasure = new MediumErasure(this, durable);
        this.threshold = new ProvisioningThreshold(this);
        this.limits = BlockLimits.of(volume.geometry());
        this.copyManager = copyManager;
        volume.prepareStores(this::prepare);
        volume.listen(new Watch());
    }

    /** Returns the name for logs. */
    public String name() {
        return volume.name();
    }

    /** Returns designator and serial number. */
    public UnitIdentity identity() {
        return identity;
    }

    /** Returns how the unit presents itself. */
    public UnitOptions options() {
        return options;
    }

    /** Returns the capacity and block sizes. */
    public BlockGeometry geometry() {
        return volume.geometry();
    }

    /** Returns the way to the blocks. */
    public Volume volume() {
        return volume;
    }

    /** Returns the limits of the Block Limits page. */
    public BlockLimits limits() {
        return limits;
    }

    /** Returns the mode pages. */
    public ModePages modePages() {
        return modePages;
    }

    /** Returns the state of the medium. */
    public RemovableMedium medium() {
        return medium;
    }

    /** Returns the reservations. */
    public Reservations reservations() {
        return reservations;
    }

    /** Returns what erases the whole medium. */
    public MediumErasure erasure() {
        return erasure;
    }

    /** Returns the watch over the space that the unit takes. */
    public ProvisioningThreshold threshold() {
        return threshold;
    }

    /** Returns what writes a line for a command that its store has failed. */
    public SeldomLog faults() {
        return faults;
    }

    /** Returns the counters. */
    public UnitStatistics statistics() {
        return statistics;
    }

    /** Returns what WRITE BUFFER keeps. */
    public EchoBuffers echoBuffers() {
        return echoBuffers;
    }

    /** Returns the copies that this unit manages. */
    public CopyOperations copyOperations() {
        return copyOperations;
    }

    /** Returns the representations of data of this unit that tokens stand for. */
    public RepresentationsOfData representations() {
        return representations;
    }

    /** Returns the ports that the unit can be reached through. */
    public UnitPorts ports() {
        return ports;
    }

    /** Returns whether the medium is served here, where another gateway has the unit too. */
    public UnitAccess access() {
        return access;
    }

    /**
     * Takes over what another gateway has saved of the unit. Sense data, mode parameters, reservations and an erasure are as
     * there from then on.
     *
     * @return completes when that counts
     */
    public CompletionStage<Void> reload(UnitState state) {
        return durable.replace(state).thenCompose(replaced -> {
            modePages.reset();
            erasure.reload();
            return reservations.reload();
        });
    }

    /** Completes when what has begun to change what the unit keeps is saved, or has failed, and has been told. */
    public CompletionStage<Void> settled() {
        return reservations.settled().thenCompose(settled -> durable.settled());
    }

    /** The medium is served here no more: what is under way does not get to it, and every nexus is told. */
    public void lose() {
        if (access.lose()) {
            erasure.lose();
            representations.changed(0, Long.MAX_VALUE);
            attentions.establish(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED, nexus -> true);
        }
    }

    /** The medium is served here, with a state that was {@link #reload reloaded}: every nexus is told. */
    public void gain() {
        if (access.gain()) {
            attentions.establish(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED, nexus -> true);
            erasure.resume(volume);
        }
    }

    /** Returns the copy manager that this unit is part of. */
    public CopyManager copyManager() {
        return copyManager;
    }

    /**
     * Returns whether what is in blocks may be kept beside them: not where another gateway would not see it, nor where it would
     * be there in plain text, out of the reach of a cryptographic erase.
     */
    public boolean mayKeepAside() {
        return !access.shared() && !volume.can(CryptographicErase.class);
    }

    /**
     * Returns whether the blocks become unreadable with their key. Where another gateway has the unit too they do not: it has that
     * key in memory and in a header of its own, and would go on with it.
     */
    public boolean erasesKey() {
        return !access.shared() && volume.can(CryptographicErase.class);
    }

    /** Returns whether hosts are told that it may: not as long as nobody knows whether layers encrypt. */
    public boolean offersKeepingAside() {
        return (volume.isKnown() || !options.layered()) && mayKeepAside();
    }

    /** Returns what makes writes atomic. */
    public WriteIntents writeIntents() {
        return writeIntents;
    }

    /** Returns the state that outlives the process. */
    public DurableState durable() {
        return durable;
    }

    /** Returns whether logical block provisioning management is enabled (LBPME): unused blocks take no space. */
    public boolean provisioned() {
        return options.thin();
    }

    /** Returns whether sense data is to be in descriptor format. */
    public boolean descriptorSense() {
        return modePages.descriptorSense();
    }

    /** Returns whether writes through a mapping are refused. */
    public boolean writeProtected(LunMapping mapping) {
        return mapping.readOnly() || options.readOnly() || modePages.softwareWriteProtect();
    }

    /** Returns who goes first at the blocks. */
    public Gate blockGate() {
        return volume.blocks();
    }

    /** Completes when the commands that have claimed blocks by now have given them up; later ones wait behind them. */
    public CompletionStage<Void> claimedBlocksLeft() {
        CompletableFuture<Void> left = new CompletableFuture<>();
        Claimant done = granted -> {
            blockGate().leave(granted);
            left.complete(null);
        };
        Claim all = new Claim(done);
        if (blockGate().exclude(all, 0, Long.MAX_VALUE)) {
            done.granted(all);
        }
        return left;
    }

    /**
     * Reports a deferred error, or else a unit attention, in place of performing a command (SAM-5 5.14).
     *
     * @throws CheckConditionException if there is any
     */
    public void reportPending(Nexus nexus) throws CheckConditionException {
        SenseData deferred = deferredErrors.poll(nexus);
        if (deferred != null) {
            throw new CheckConditionException(deferred);
        }
        Sense condition = modePages.unitAttentionInterlock() ? attentions.peek(nexus) : attentions.poll(nexus);
        if (condition != null) {
            throw new CheckConditionException(condition);
        }
    }

    /**
     * Returns whether reads may be sent from a file. Such a READ has its data only when the kernel has it, after it has given
     * up its turn and its blocks. So this ends for good when an initiator uses what a READ has to be complete before: a
     * command that has blocks to itself, such as COMPARE AND WRITE, or the ORDERED task attribute.
     */
    public boolean lends() {
        return lends;
    }

    /** A command has come that reads have to be complete before. */
    public void endLending() {
        if (lends) {
            lends = false;
        }
    }

    /**
     * Returns the way to the blocks for a command that needs the medium.
     *
     * @throws CheckConditionException if the medium cannot be used now
     */
    public Volume readyStore() throws CheckConditionException {
        if (!medium.loaded()) {
            throw new CheckConditionException(Sense.MEDIUM_NOT_PRESENT);
        }
        if (!volume.ready()) {
            throw new CheckConditionException(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
        }
        erasure.requireNone();
        return volume;
    }

    /**
     * Returns the store for a command that may come while the medium is not usable, such as SANITIZE after a failure.
     *
     * @throws CheckConditionException if it is not there at all
     */
    public Volume requireStore(LunMapping mapping) throws CheckConditionException {
        Volume ready = storeIfReady();
        if (ready == null) {
            throw new CheckConditionException(
                    medium.loaded() ? Sense.LOGICAL_UNIT_IS_BECOMING_READY : Sense.MEDIUM_NOT_PRESENT);
        }
        if (writeProtected(mapping)) {
            throw new CheckConditionException(Sense.WRITE_PROTECTED);
        }
        return ready;
    }

    /** Returns the store if the medium is there and ready, else null. */
    public Volume storeIfReady() {
        return medium.loaded() && volume.ready() ? volume : null;
    }

    /** Keeps a failure of what goes on after a command has ended, for the initiator whose command it was. */
    public void deferError(Nexus nexus, SenseData failure) {
        deferredErrors.add(nexus, failure);
    }

    /** Returns and clears the next unit attention of a nexus, or null (REQUEST SENSE, SPC-5 6.39). */
    public Sense pollUnitAttention(Nexus nexus) {
        return attentions.poll(nexus);
    }

    /** Clears one unit attention of a nexus. */
    public void clearUnitAttention(Nexus nexus, Sense condition) {
        attentions.clear(nexus, condition);
    }

    /** Establishes a unit attention for every nexus but one. */
    public void attentionForOthers(Nexus except, Sense condition) {
        attentions.establish(condition, nexus -> nexus != except);
    }

    /** Establishes a unit attention for one nexus; returns whether it was not pending yet. */
    public boolean attention(Nexus nexus, Sense condition) {
        return attentions.establish(condition, nexus);
    }

    /** Establishes a unit attention for every nexus that matches. */
    public void attention(Predicate<Nexus> which, Sense condition) {
        attentions.establish(condition, which);
    }

    /** Establishes a unit attention here and at the other gateways that have the unit. */
    public void attention(SharedAttention attention) {
        hear(attention);
        access.tell(attention);
    }

    /** Establishes a unit attention here alone: another gateway has told of it. */
    public void hear(SharedAttention attention) {
        attentions.establish(attention.condition(), attention::concerns);
    }

    /** With UA_INTLCK at 11b the status is followed by a unit attention (SPC-5 7.5.13). */
    public void noteReservationConflict(Nexus nexus) {
        if (modePages.establishesStatusAttention()) {
            attentions.establish(Sense.PREVIOUS_RESERVATION_CONFLICT_STATUS, nexus);
        }
    }

    /** Returns the initiator ports of a node that are logged in. */
    public List<InitiatorPort> initiatorPorts(String iscsiName) {
        return attentions.nexuses().stream()
                .map(Nexus::initiatorPort)
                .filter(port -> port.iscsiName().equals(iscsiName))
                .distinct()
                .toList();
    }

    /** Returns what the nexuses see that the unit keeps something for. */
    public List<NexusView> views() {
        return attentions.views();
    }

    /** Takes notice of a nexus that sees the unit. */
    public void join(NexusView view) {
        attentions.join(view);
        copyManager.hosts().join(view);
    }

    /** Forgets what a nexus had (SAM-5 6.3.4). */
    public void forget(Nexus nexus) {
        attentions.forget(nexus);
        copyManager.hosts().forget(nexus);
        deferredErrors.forget(nexus);
        echoBuffers.forget(nexus);
        copyOperations.forget(nexus);
        medium.forget(nexus);
        reservations.clearLegacy(nexus);
    }

    /**
     * Returns to the state after a reset (SAM-5 6.3.3): every nexus is told.
     *
     * @return completes when what the write cache holds is stable, or cannot be made so, if it is off now and was not before
     */
    public CompletionStage<Void> reset() {
        boolean cached = modePages.writeCache();
        modePages.reset();
        Volume store = storeIfReady();
        medium.reset();
        reservations.reset();
        attentions.establish(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED, nexus -> true);
        // A flush that fails is told with the next command: nothing that was not stable is any more.
        return cached && !modePages.writeCache() && store != null
                ? store.flush().exceptionally(failed -> null)
                : Backstore.done();
    }

    /**
     * The blocks are about to become other ones: what commands that have begun, of several steps, have found out of these does not
     * get to those.
     *
     * @return false if the medium is being erased, or that has failed: then nothing has changed
     */
    public boolean leaveMedium() {
        return erasure.leave();
    }

    /**
     * The blocks are other ones from now on, by the will of the operator (SBC-4 4.10): every nexus is told before it can see
     * one of them, and tokens for the old ones are void.
     */
    public void mediumExchanged() {
        writeIntents.exchanged();
        attentions.establish(Sense.MEDIUM_MAY_HAVE_CHANGED, nexus -> true);
        representations.changed(0, Long.MAX_VALUE);
    }

    /** Refuses a store that does not fit, and finishes what was interrupted on one that does. */
    private CompletionStage<Void> prepare(Backstore store) {
        if (provisioned() && store.ability(Unmap.class) == null) {
            return CompletableFuture.failedFuture(new BackstoreException(
                    Fault.NOT_READY, "unit " + name() + " is thin, but its backstore cannot unmap: make it thick"));
        }
        return writeIntents.replay(store);
    }

    /** Tells initiators what has become of the volume. */
    private final class Watch implements VolumeListener {

        @Override
        public void capacityChanged() {
            attentions.establish(Sense.CAPACITY_DATA_HAS_CHANGED, nexus -> true);
        }

        /** What a token stands for may be changed by others meanwhile. */
        @Override
        public void storeGone(String reason) {
            representations.changed(0, Long.MAX_VALUE);
        }

        /** Before any command gets to the store, or it would be told of the change behind the first READ that sees it. */
        @Override
        public void storeComes(boolean failed) {
            if (failed) {
                attentions.establish(Sense.MEDIUM_MAY_HAVE_CHANGED, nexus -> true);
            }
        }

        @Override
        public void storeCame(boolean failed) {
            if (!access.standby()) {
                erasure.resume(volume);
            }
        }
    }
}
