package io.sluice.scsi.internal.reservation;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedAttention.Ports;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.internal.state.DurableState;
import io.sluice.scsi.internal.state.SerialQueue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The reservations of a unit: persistent ones (SPC-5 5.14) and that of RESERVE (SPC-2 5.5.1). Changes are made one after
 * the other, and saved before they count; whether a command is allowed is one volatile read as long as nothing is
 * reserved, and never waits. Thread-safe.
 */
public final class Reservations {

    private static final int PREEMPTED_KEY_OFFSET = 8;

    private final DurableState durable;

    /** Establishes a unit attention. */
    private final Consumer<SharedAttention> attention;

    /** What is saved, and so counts; written by {@link #changes} alone. */
    private volatile Saved saved;

    private final SerialQueue changes = new SerialQueue();

    /** Whether what need not outlive a loss of power is saved too, for another gateway. */
    private volatile boolean keepsAll;

    /** The nexus that has reserved the unit with RESERVE, or null. */
    private volatile Nexus reserver;

    /**
     * Reservations, and how many service actions have changed registrations since power on.
     *
     * @param registry the reservations
     * @param generation PRGENERATION (SPC-5 6.13.2)
     */
    public record Saved(Registry registry, int generation) {}

    /**
     * What has become of a service action that was not refused with sense data.
     *
     * @param conflict whether its status is RESERVATION CONFLICT
     * @param preempted tells whether a nexus has been preempted
     */
    public record Outcome(boolean conflict, Predicate<Nexus> preempted) {
        private static final Outcome DONE = new Outcome(false, nexus -> false);
        private static final Outcome CONFLICT = new Outcome(true, nexus -> false);
    }

    /** Decides what a service action changes, when all before it have been saved. */
    @FunctionalInterface
    private interface Decision {
        CompletionStage<Outcome> make(Registry now) throws CheckConditionException, ConflictException;
    }

    /** Begins with what was saved. */
    public Reservations(DurableState durable, Consumer<SharedAttention> attention) {
        this.durable = durable;
        this.attention = attention;
        this.saved = load();
    }

    private Saved load() {
        UnitState state = durable.get();
        return new Saved(Registry.loadFrom(state), state.generation());
    }

    /** Begins anew with what was saved by another gateway; completes when that counts. */
    public CompletionStage<Void> reload() {
        return changes.add(() -> {
            saved = load();
            reset();
            return CompletableFuture.completedFuture(null);
        });
    }

    /** Completes when all changes that were asked for until now are saved, or have failed, and have been told. */
    public CompletionStage<Void> settled() {
        return changes.add(() -> CompletableFuture.completedFuture(null));
    }

    /** Saves everything from now on, also what is not to survive a loss of power. */
    public void keepAll() {
        keepsAll = true;
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
        boolean free = legacy == null || legacy == nexus && row != UnderReservation.ALLOWED_UNDER_PERSISTENT_ALONE;
        return free && saved.registry().allows(nexus, row);
    }

    /** Returns the persistent reservations as they are saved now. */
    public Saved saved() {
        return saved;
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

    /**
     * RELEASE of SPC-2; GOOD without effect if another nexus holds the reservation. Who has reserved the unit gets rid of that,
     * whatever has been registered in the same moment.
     */
    public synchronized void release(Nexus nexus) throws ConflictException {
        if (reserver == nexus || !obeysPersistent(nexus)) {
            clearLegacy(nexus);
        }
    }

    /** Compatible reservation handling (SPC-5 5.14.3): returns whether the persistent rules have the say. */
    private boolean obeysPersistent(Nexus nexus) throws ConflictException {
        Registry now = saved.registry();
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

    private CompletionStage<Outcome> change(Decision decision) {
        return changes.add(() -> {
            if (reserver != null) {
                return CompletableFuture.completedFuture(Outcome.CONFLICT);
            }
            try {
                return decision.make(saved.registry());
            } catch (ConflictException conflict) {
                return CompletableFuture.completedFuture(Outcome.CONFLICT);
            } catch (CheckConditionException refused) {
                return CompletableFuture.failedFuture(refused);
            }
        });
    }

    /**
     * REGISTER and REGISTER AND IGNORE EXISTING KEY (SPC-5 5.14.7).
     *
     * @param ignoreKey whether the key that the nexus gives is not checked
     * @param others nexuses that SPEC_I_PT names in addition
     */
    public CompletionStage<Outcome> register(
            Nexus nexus, ReserveOutParameters asked, boolean ignoreKey, List<Registration> others) {
        return change(now -> {
            Registration own = now.find(nexus);
            if (!ignoreKey && asked.key() != (own == null ? 0 : own.key())) {
                throw new ConflictException();
            }
            if (own == null && asked.serviceActionKey() == 0) {
                return unchanged();
            }
            if (own != null && !others.isEmpty()) {
                throw new CheckConditionException(ReserveOutParameters.specIPtRefused());
            }
            Registry changed = registered(now, own, nexus, asked, others);
            return commit(changed, true, () -> {
                if (now.reserved() && !changed.reserved() && now.type().announcesRelease()) {
                    tell(changed.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
                }
            });
        });
    }

    private static Registry registered(
            Registry now, Registration own, Nexus nexus, ReserveOutParameters asked, List<Registration> others)
            throws CheckConditionException {
        Registry changed = now.persistent(asked.persistThroughPowerLoss());
        if (asked.serviceActionKey() == 0) {
            return changed.without(own::isSameNexus);
        }
        if (own != null) {
            return changed.with(own.withKey(asked.serviceActionKey()));
        }
        for (Registration other : others) {
            if (now.registrations().stream().anyMatch(other::overlaps)) {
                throw new CheckConditionException(ReserveOutParameters.namesRegistered());
            }
            changed = changed.with(other);
        }
        return changed.with(new Registration(
                nexus.initiatorPort(), asked.allTargetPorts() ? null : nexus.targetPort(), asked.serviceActionKey()));
    }

    /** RESERVE of PERSISTENT RESERVE OUT (SPC-5 5.14.9). */
    public CompletionStage<Outcome> reserve(Nexus nexus, long key, ReservationType type) {
        return change(now -> {
            Registration own = requireKey(now, nexus, key);
            if (now.reserved() && !(now.isHeldBy(own) && now.type() == type)) {
                throw new ConflictException();
            }
            return now.reserved() ? unchanged() : commit(now.reservedBy(own, type), false, () -> {});
        });
    }

    /** RELEASE of PERSISTENT RESERVE OUT (SPC-5 5.14.11.2.2). */
    public CompletionStage<Outcome> release(Nexus nexus, long key, ReservationType type) {
        return change(now -> {
            Registration own = requireKey(now, nexus, key);
            if (!now.isHeldBy(own)) {
                return unchanged();
            }
            if (now.type() != type) {
                throw new CheckConditionException(Sense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
            }
            return commit(now.released(), false, () -> {
                if (type.announcesRelease()) {
                    tell(now.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
                }
            });
        });
    }

    /** CLEAR (SPC-5 5.14.11.2.5). */
    public CompletionStage<Outcome> clear(Nexus nexus, long key) {
        return change(now -> {
            requireKey(now, nexus, key);
            return commit(
                    new Registry(List.of(), null, null, now.persistent()),
                    true,
                    () -> tell(now.registrations(), nexus, Sense.RESERVATIONS_PREEMPTED));
        });
    }

    /**
     * PREEMPT (SPC-5 5.14.11.2.3), and what PREEMPT AND ABORT has to know.
     *
     * @param scopeAndType of the reservation that takes the place of another; has no meaning where none does
     */
    public CompletionStage<Outcome> preempt(Nexus nexus, long key, long victimKey, int scopeAndType) {
        return change(now -> {
            Registration own = requireKey(now, nexus, key);
            boolean takesAll = now.reserved() && now.type().allRegistrants() && victimKey == 0;
            boolean takesHolder = now.reserved()
                    && !now.type().allRegistrants()
                    && now.holder().key() == victimKey;
            if (victimKey == 0 && !takesAll) {
                throw new CheckConditionException(SenseData.invalidFieldInParameterList(PREEMPTED_KEY_OFFSET, -1));
            }
            Predicate<Registration> victims = registration -> takesAll || registration.key() == victimKey;
            if (takesAll || takesHolder) {
                Predicate<Registration> others = victims.and(registration -> !registration.isSameNexus(own));
                return takeOver(now, nexus, own, others, ReservationType.parse(scopeAndType));
            }
            if (now.registrations().stream().noneMatch(victims)) {
                throw new ConflictException();
            }
            Registry rest = now.without(victims);
            Runnable announce = () -> {
                tell(now.registrations().stream().filter(victims).toList(), nexus, Sense.REGISTRATIONS_PREEMPTED);
                if (now.reserved() && !rest.reserved()) {
                    tell(rest.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
                }
            };
            return commit(rest, true, announce).thenApply(done -> new Outcome(false, preempted(now, victims)));
        });
    }

    private CompletionStage<Outcome> takeOver(
            Registry now, Nexus nexus, Registration own, Predicate<Registration> victims, ReservationType type) {
        Registry changed = now.released().without(victims).reservedBy(own, type);
        Runnable announce = () -> {
            tell(now.registrations().stream().filter(victims).toList(), nexus, Sense.REGISTRATIONS_PREEMPTED);
            if (now.type() != type) {
                tell(changed.registrations(), nexus, Sense.RESERVATIONS_RELEASED);
            }
        };
        return commit(changed, true, announce).thenApply(done -> new Outcome(false, preempted(now, victims)));
    }

    private static Predicate<Nexus> preempted(Registry before, Predicate<Registration> victims) {
        List<Registration> gone =
                before.registrations().stream().filter(victims).toList();
        return nexus -> gone.stream().anyMatch(registration -> registration.matches(nexus));
    }

    /** REGISTER AND MOVE (SPC-5 5.14.8). */
    public CompletionStage<Outcome> move(Nexus nexus, ReserveOutParameters asked, Registration destination) {
        return change(now -> {
            Registration own = requireKey(now, nexus, asked.key());
            if (!now.reserved()) {
                throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 4));
            }
            if (!now.isHeldBy(own) || now.type().allRegistrants()) {
                throw new ConflictException();
            }
            if (asked.serviceActionKey() == 0) {
                throw new CheckConditionException(SenseData.invalidFieldInParameterList(PREEMPTED_KEY_OFFSET, -1));
            }
            if (own.overlaps(destination)) {
                throw new CheckConditionException(
                        SenseData.invalidFieldInParameterList(ReserveOutParameters.MOVE_TRANSPORT_ID, -1));
            }
            Registration holder = now.registrations().stream()
                    .filter(destination::overlaps)
                    .findFirst()
                    .map(registered -> registered.withKey(destination.key()))
                    .orElse(destination);
            Registry moved = now.with(holder).reservedBy(holder, now.type());
            Registry changed = asked.unregister() ? moved.without(own::isSameNexus) : moved;
            return commit(changed.persistent(asked.persistThroughPowerLoss()), true, () -> {});
        });
    }

    private static Registration requireKey(Registry now, Nexus nexus, long key) throws ConflictException {
        Registration own = now.find(nexus);
        if (own == null || own.key() != key) {
            throw new ConflictException();
        }
        return own;
    }

    private static CompletionStage<Outcome> unchanged() {
        return CompletableFuture.completedFuture(Outcome.DONE);
    }

    /** Saves first; only what is saved counts, and is announced. */
    private CompletionStage<Outcome> commit(Registry changed, boolean countsAsGeneration, Runnable announce) {
        int generation = saved.generation() + (countsAsGeneration ? 1 : 0);
        UnaryOperator<UnitState> save =
                keepsAll ? state -> changed.saveAllTo(state).withGeneration(generation) : changed::saveTo;
        return durable.update(save)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(refused(failure)))
                .thenApply(done -> {
                    saved = new Saved(changed, generation);
                    announce.run();
                    return Outcome.DONE;
                });
    }

    /** Where the state is kept may have room for fewer registrations than there may be (SPC-5 5.14.7). */
    private static Throwable refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof BackstoreException full && full.fault() == Fault.OUT_OF_SPACE
                ? new CheckConditionException(Sense.INSUFFICIENT_REGISTRATION_RESOURCES)
                : cause;
    }

    private void tell(List<Registration> whom, Nexus except, Sense condition) {
        List<Ports> told = whom.stream()
                .map(registration -> new Ports(registration.initiator(), registration.target()))
                .toList();
        attention.accept(new SharedAttention(condition, told, Ports.of(except)));
    }
}
