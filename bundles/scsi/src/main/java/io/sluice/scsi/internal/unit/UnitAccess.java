package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether the medium of a unit is served here, where another gateway has the same unit: if not, its ports are in the standby
 * state whatever that of their group is (SPC-5 5.16.2.4.4). For a unit that nobody else has it always is. Thread-safe.
 */
public final class UnitAccess {

    private volatile SharedUnit shared;

    /** Odd while the unit stands by; another one after each change, so that a command can tell whether there was one. */
    private volatile int era;

    private volatile List<PortGroup> others = List.of();

    /** Another gateway has the unit too: it stands by from now on. To be called before it is served. */
    public synchronized void share(SharedUnit with) {
        shared = with;
        lose();
    }

    /** Returns whether another gateway has the unit too. */
    public boolean shared() {
        return shared != null;
    }

    /** Returns whether the medium is served by another gateway, or by none. */
    public boolean standby() {
        return (era & 1) != 0;
    }

    /** Returns what is another number after each change: few bits, because every command keeps them. */
    public short era() {
        return (short) era;
    }

    /** The medium is served here no more; returns whether it was. */
    public synchronized boolean lose() {
        return change(true);
    }

    /** The medium is served here; returns whether it was not. */
    public synchronized boolean gain() {
        return change(false);
    }

    /** The blocks are other ones from now on: what began before has nothing to do with them. */
    public synchronized void exchange() {
        era += 2;
    }

    private boolean change(boolean wanted) {
        if (standby() == wanted) {
            return false;
        }
        era++;
        return true;
    }

    /**
     * Refuses a command for the medium that began in another time: what has been written meanwhile is newer than what it has, or
     * the blocks are other ones.
     *
     * @throws CheckConditionException LOGICAL UNIT NOT ACCESSIBLE, TARGET PORT IN STANDBY STATE, or else NOT READY TO READY
     *     CHANGE, MEDIUM MAY HAVE CHANGED
     */
    public void requireSame(short begun) throws CheckConditionException {
        if (era() != begun) {
            throw new CheckConditionException(over());
        }
    }

    /** Returns what a command is told whose time is over. */
    public Sense over() {
        return shared() ? Sense.ACCESS_STATE_STANDBY : Sense.MEDIUM_MAY_HAVE_CHANGED;
    }

    /** Returns the ports of other gateways. */
    List<PortGroup> others() {
        return others;
    }

    /** Sets the ports of other gateways; returns whether anything is different. */
    public synchronized boolean setOthers(List<SharedUnit.Port> ports) {
        List<SharedUnit.Port> before = others.stream()
                .map(group -> new SharedUnit.Port(group.port(), group.state()))
                .toList();
        if (before.equals(ports)
                && others.stream()
                        .map(group -> group.port().number())
                        .toList()
                        .equals(ports.stream().map(port -> port.port().number()).toList())) {
            return false;
        }
        others = ports.stream()
                .map(port -> new PortGroup(port.port(), port.accessState()))
                .toList();
        return true;
    }

    /** Returns a group as initiators see it through this unit. */
    PortGroup seen(PortGroup group) {
        if (!shared()) {
            return group;
        }
        boolean hidden = standby() && group.state().active();
        return new PortGroup(group.port(), hidden ? AccessState.STANDBY : group.state());
    }

    /**
     * Has what other gateways say known here, as far as they can be asked.
     *
     * @param needed whether it fails if they cannot, with ASYMMETRIC ACCESS STATE TRANSITION: the unit may have been taken
     */
    public CompletionStage<Void> refreshed(boolean needed) {
        return shared.refresh()
                .exceptionallyCompose(unknown -> needed
                        ? CompletableFuture.failedFuture(new CheckConditionException(Sense.ACCESS_STATE_TRANSITION))
                        : CompletableFuture.completedFuture(null));
    }

    /** Takes the medium; completes when it is served here. */
    public CompletionStage<Void> take() {
        SharedUnit partner = shared;
        return partner == null || !standby() ? CompletableFuture.completedFuture(null) : partner.take();
    }

    /** Has a command performed where the medium is served; see {@link SharedUnit#perform}. */
    public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
        return shared.perform(command);
    }

    /** A unit attention has been established that nexuses of other gateways are to have too. */
    void tell(SharedAttention attention) {
        SharedUnit partner = shared;
        if (partner != null) {
            partner.established(attention);
        }
    }
}
