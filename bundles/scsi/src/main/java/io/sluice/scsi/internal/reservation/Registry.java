package io.sluice.scsi.internal.reservation;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.UnitState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * All registrations of a unit and the reservation that one of them, or all, may hold: an immutable value, so that a change
 * is there as a whole or not at all.
 *
 * @param registrations in the order in which they were made
 * @param type type of the reservation, or null if there is none
 * @param holder who holds it; null if there is none or all registrants do
 * @param persistent whether it is to survive a power loss (APTPL)
 */
public record Registry(
        List<Registration> registrations, ReservationType type, Registration holder, boolean persistent) {

    /** As many nexuses as there can be at once: each command is looked for among them while something is reserved. */
    private static final int MOST_REGISTRATIONS = 1024;

    static final Registry EMPTY = new Registry(List.of(), null, null, false);

    public Registry {
        registrations = List.copyOf(registrations);
    }

    Registration find(Nexus nexus) {
        for (Registration registration : registrations) {
            if (registration.matches(nexus)) {
                return registration;
            }
        }
        return null;
    }

    /** Returns whether there is a reservation. */
    public boolean reserved() {
        return type != null;
    }

    /** Returns whether a registration, which may be null, holds the reservation. */
    public boolean isHeldBy(Registration registration) {
        return registration != null && reserved() && (type.allRegistrants() || holder.isSameNexus(registration));
    }

    boolean allows(Nexus nexus, UnderReservation row) {
        if (!reserved()) {
            return true;
        }
        Registration registration = find(nexus);
        return isHeldBy(registration) || type.allows(registration != null, row);
    }

    /**
     * Adds a registration, or gives the one of the same nexus another key.
     *
     * @throws CheckConditionException INSUFFICIENT REGISTRATION RESOURCES if there would be too many (SPC-5 5.14.7)
     */
    Registry with(Registration registration) throws CheckConditionException {
        List<Registration> changed = new ArrayList<>(registrations);
        changed.removeIf(registration::isSameNexus);
        if (changed.size() >= MOST_REGISTRATIONS) {
            throw new CheckConditionException(Sense.INSUFFICIENT_REGISTRATION_RESOURCES);
        }
        int place = indexOf(registration);
        changed.add(place < 0 ? changed.size() : place, registration);
        boolean holds = holder != null && holder.isSameNexus(registration);
        return new Registry(changed, type, holds ? registration : holder, persistent);
    }

    private int indexOf(Registration registration) {
        for (int i = 0; i < registrations.size(); i++) {
            if (registrations.get(i).isSameNexus(registration)) {
                return i;
            }
        }
        return -1;
    }

    /** Removes registrations; the reservation goes with its holder, or with the last of all registrants. */
    Registry without(Predicate<Registration> removed) {
        List<Registration> rest =
                registrations.stream().filter(removed.negate()).toList();
        boolean orphaned = reserved() && (type.allRegistrants() ? rest.isEmpty() : removed.test(holder));
        return new Registry(rest, orphaned ? null : type, orphaned ? null : holder, persistent);
    }

    Registry reservedBy(Registration newHolder, ReservationType newType) {
        return new Registry(registrations, newType, newType.allRegistrants() ? null : newHolder, persistent);
    }

    Registry released() {
        return new Registry(registrations, null, null, persistent);
    }

    Registry persistent(boolean survives) {
        return new Registry(registrations, type, holder, survives);
    }

    /** Writes what has to survive a power loss into a unit's state. */
    UnitState saveTo(UnitState state) {
        return persistent ? saveAllTo(state) : state.withReservations(false, List.of(), null);
    }

    /** As {@link #saveTo}, also what has not to survive a power loss: for another gateway that serves the same unit. */
    UnitState saveAllTo(UnitState state) {
        List<UnitState.Registration> saved = registrations.stream()
                .map(registration -> new UnitState.Registration(
                        registration.initiator().iscsiName(),
                        registration.initiator().isid(),
                        registration.target() == null
                                ? null
                                : registration.target().iscsiName(),
                        registration.target() == null
                                ? 0
                                : registration.target().groupTag(),
                        registration.key()))
                .toList();
        UnitState.Reservation reservation =
                reserved() ? new UnitState.Reservation(type.code(), holder == null ? -1 : indexOf(holder)) : null;
        return state.withReservations(persistent, saved, reservation);
    }

    static Registry loadFrom(UnitState state) {
        List<Registration> registrations = state.registrations().stream()
                .map(saved -> new Registration(
                        new InitiatorPort(saved.initiator(), saved.isid()),
                        saved.target() == null
                                ? null
                                : new TargetPort(saved.target(), saved.groupTag(), saved.groupTag()),
                        saved.key()))
                .toList();
        UnitState.Reservation reservation = state.reservation();
        return new Registry(
                registrations,
                reservation == null ? null : ReservationType.of(reservation.type()),
                reservation == null || reservation.holder() < 0 ? null : registrations.get(reservation.holder()),
                state.persistThroughPowerLoss());
    }
}
