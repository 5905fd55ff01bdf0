package io.sluice.scsi.internal.pr;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.DurableState;
import io.sluice.scsi.internal.UnderReservation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The reservations of a unit: persistent ones (SPC-5 5.14) and that of RESERVE (SPC-2 5.5.1). Changes are made one after
 * the other, and saved before they count; whether a command is allowed is one volatile read as long as nothing is
 * reserved. Thread-safe.
 */
public final class Reservations {

    private static final int PREEMPTED_KEY_OFFSET = 8;

    private final DurableState durable;

    /** Establishes a unit attention for the nexuses that match. */
    private final BiConsumer<Predicate<Nexus>, Sense> attention;

    private volatile Registry registry;

    /** The nexus that has reserved the unit with RESERVE, or null. */
    private volatile Nexus reserver;

    /** Counts the service actions that change registrations; begins at 0 with every power on. Guarded by this. */
    private int generation;

    /** Begins with what was saved. */
    public Reservations(DurableState durable, BiConsumer<Predicate<Nexus>, Sense> attention) {
        this.durable = durable;
        this.attention = attention;
        this.registry = Registry.loadFrom(durable.get());
    }

    /** Tells the initiator RESERVATION CONFLICT; not an error in itself. */
    public static final class ConflictException extends Exception {
        private static final long serialVersionUID = 1L;

        ConflictException() {
            super("reservation conflict", null, false, false);
        }
    }

    /** Returns whether a nexus may use a command now. */
    public boolean allows(Nexus nexus, UnderReservation row) {
        if (row == UnderReservation.ALLOWED) {
            return true;
        }
        Nexus legacy = reserver;
        return (legacy == null || legacy == nexus) && registry.allows(nexus, row);
    }

    Registry registry() {
        return registry;
    }

    synchronized int generation() {
        return generation;
    }

    /** RESERVE of SPC-2; a holder or registrant of a persistent reservation gets GOOD without effect (CRH). */
    public synchronized void reserve(Nexus nexus) throws ConflictException {
        if (obeysPersistent(nexus)) {
            return;
        }
        if (reserver != null && reserver != nexus) {
            throw new ConflictException();
        }
        reserver = nexus;
    }

    /** RELEASE of SPC-2; GOOD without effect if another nexus holds the reservation. */
    public synchronized void release(Nexus nexus) throws ConflictException {
        if (!obeysPersistent(nexus)) {
            clearLegacy(nexus);
        }
    }

    /** Compatible reservation handling (SPC-5 5.14.3): returns whether the persistent rules have the say. */
    private boolean obeysPersistent(Nexus nexus) throws ConflictException {
        Registry now = registry;
        if (now.registrations().isEmpty()) {
            return false;
        }
        if (now.reserved() && now.allows(nexus, UnderReservation.CONFLICTS)) {
            return true;
        }
        throw new ConflictException();
    }

    /** Forgets the RESERVE of a nexus that is gone. */
    public synchronized void clearLegacy(Nexus nexus) {
        if (reserver == nexus) {
            reserver = null;
        }
    }

    /** Forgets the RESERVE of whoever had one: the unit was reset. Persistent reservations stay. */
    public synchronized void reset() {
        reserver = null;
    }

    /**
     * REGISTER and REGISTER AND IGNORE EXISTING KEY (SPC-5 5.14.7).
     *
     * @param ignoreKey whether the key that the nexus gives is not checked
     * @param others nexuses that SPEC_I_PT names in addition
     */
    synchronized void register(Nexus nexus, ReserveOutParameters asked, boolean ignoreKey, List<Registration> others)
            throws CheckConditionException, ConflictException {
        Registry now = registry;
        Registration own = now.find(nexus);
        if (!ignoreKey && asked.key() != (own == null ? 0 : own.key())) {
            throw new ConflictException();
        }
        if (own != null && !others.isEmpty()) {
            throw new CheckConditionException(ReserveOutParameters.specIPtRefused());
        }
        Registry changed = now.persistent(asked.persistThroughPowerLoss());
        if (asked.serviceActionKey() == 0) {
            changed = own == null ? changed : changed.without(own::isSameNexus);
        } else if (own == null) {
            Registration fresh = new Registration(
                    nexus.initiatorPort(),
                    asked.allTargetPorts() ? null : nexus.targetPort(),
                    asked.serviceActionKey());
            for (Registration other : others) {
                changed = changed.with(other);
            }
            changed = changed.with(fresh);
        } else {
            changed = changed.with(own.withKey(asked.serviceActionKey()));
        }
        commit(changed, true);
        if (now.reserved() && !changed.reserved() && now.type().announcesRelease()) {
            tell(changed.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
        }
    }

    /** RESERVE of PERSISTENT RESERVE OUT (SPC-5 5.14.9). */
    synchronized void reserve(Nexus nexus, long key, ReservationType type)
            throws CheckConditionException, ConflictException {
        Registration own = requireKey(nexus, key);
        Registry now = registry;
        if (now.reserved() && !(now.isHeldBy(own) && now.type() == type)) {
            throw new ConflictException();
        }
        if (!now.reserved()) {
            commit(now.reservedBy(own, type), false);
        }
    }

    /** RELEASE of PERSISTENT RESERVE OUT (SPC-5 5.14.11.2.2). */
    synchronized void release(Nexus nexus, long key, ReservationType type)
            throws CheckConditionException, ConflictException {
        Registration own = requireKey(nexus, key);
        Registry now = registry;
        if (!now.isHeldBy(own)) {
            return;
        }
        if (now.type() != type) {
            throw new CheckConditionException(Sense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
        }
        commit(now.released(), false);
        if (type.announcesRelease()) {
            tell(now.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
        }
    }

    /** CLEAR (SPC-5 5.14.11.2.5). */
    synchronized void clear(Nexus nexus, long key) throws CheckConditionException, ConflictException {
        requireKey(nexus, key);
        Registry now = registry;
        commit(new Registry(List.of(), null, null, now.persistent()), true);
        tell(now.registrations(), nexus, Sense.RESERVATIONS_PREEMPTED);
    }

    /**
     * PREEMPT (SPC-5 5.14.11.2.3).
     *
     * @return tells whether a nexus has been preempted, for PREEMPT AND ABORT
     */
    synchronized Predicate<Nexus> preempt(Nexus nexus, long key, long victimKey, ReservationType type)
            throws CheckConditionException, ConflictException {
        Registration own = requireKey(nexus, key);
        Registry now = registry;
        boolean takesAll = now.reserved() && now.type().allRegistrants() && victimKey == 0;
        boolean takesHolder =
                now.reserved() && !now.type().allRegistrants() && now.holder().key() == victimKey;
        if (victimKey == 0 && !takesAll) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(PREEMPTED_KEY_OFFSET, -1));
        }
        Predicate<Registration> victims = registration -> takesAll || registration.key() == victimKey;
        if (takesAll || takesHolder) {
            Predicate<Registration> others = victims.and(registration -> !registration.isSameNexus(own));
            takeOver(nexus, own, others, type);
            return preempted(now, others);
        }
        if (now.registrations().stream().noneMatch(victims)) {
            throw new ConflictException();
        }
        Registry rest = now.without(victims);
        commit(rest, true);
        tell(now.registrations().stream().filter(victims).toList(), nexus, Sense.REGISTRATIONS_PREEMPTED);
        if (now.reserved() && !rest.reserved()) {
            tell(rest.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
        }
        return preempted(now, victims);
    }

    private void takeOver(Nexus nexus, Registration own, Predicate<Registration> victims, ReservationType type)
            throws CheckConditionException {
        Registry now = registry;
        Registry changed = now.released().without(victims).reservedBy(own, type);
        commit(changed, true);
        tell(now.registrations().stream().filter(victims).toList(), nexus, Sense.REGISTRATIONS_PREEMPTED);
        if (now.type() != type) {
            tell(changed.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
        }
    }

    private static Predicate<Nexus> preempted(Registry before, Predicate<Registration> victims) {
        List<Registration> gone =
                before.registrations().stream().filter(victims).toList();
        return nexus -> gone.stream().anyMatch(registration -> registration.matches(nexus));
    }

    /** REGISTER AND MOVE (SPC-5 5.14.8). */
    synchronized void move(Nexus nexus, ReserveOutParameters asked, Registration destination)
            throws CheckConditionException, ConflictException {
        Registration own = requireKey(nexus, asked.key());
        Registry now = registry;
        if (!now.isHeldBy(own) || now.type().allRegistrants()) {
            throw new ConflictException();
        }
        if (asked.serviceActionKey() == 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(PREEMPTED_KEY_OFFSET, -1));
        }
        if (destination.matches(nexus)) {
            throw new CheckConditionException(
                    SenseData.invalidFieldInParameterList(ReserveOutParameters.MOVE_TRANSPORT_ID, -1));
        }
        Registry changed = now.with(destination).reservedBy(destination, now.type());
        if (asked.unregister()) {
            changed = changed.without(own::isSameNexus);
        }
        commit(changed.persistent(asked.persistThroughPowerLoss()), true);
    }

    private Registration requireKey(Nexus nexus, long key) throws ConflictException {
        Registration own = registry.find(nexus);
        if (own == null || own.key() != key) {
            throw new ConflictException();
        }
        return own;
    }

    /** Saves first; only what is saved counts. */
    private void commit(Registry changed, boolean countsAsGeneration) throws CheckConditionException {
        durable.update(changed::saveTo);
        registry = changed;
        if (countsAsGeneration) {
            generation++;
        }
    }

    private void tell(List<Registration> whom, Nexus except, Sense condition) {
        List<Registration> told = new ArrayList<>(whom);
        attention.accept(
                nexus -> nexus != except && told.stream().anyMatch(registration -> registration.matches(nexus)),
                condition);
    }
}
