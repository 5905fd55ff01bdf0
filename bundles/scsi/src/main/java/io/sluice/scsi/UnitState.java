package io.sluice.scsi;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What of a logical unit outlives the process: small, written as a whole, read once when the unit is made.
 *
 * @param modePages saved values (SPC-5 7.5.2): page code as two hexadecimal digits, with a subpage {@code 0a/01}, and the
 *     page as hexadecimal digits
 * @param persistThroughPowerLoss whether the last registration asked for that (APTPL, SPC-5 6.14.3)
 * @param registrations registered I_T nexuses; of a unit that no other gateway has empty unless persistThroughPowerLoss
 * @param reservation the persistent reservation, or null
 * @param identifyingInformation texts by their type (SPC-5 6.31)
 * @param erasure an erasure of the medium that has begun and not ended, or has failed, or null
 * @param generation PRGENERATION (SPC-5 6.13.2) of a unit that another gateway has too; otherwise 0, as after power on
 */
public record UnitState(
        Map<String, String> modePages,
        boolean persistThroughPowerLoss,
        List<Registration> registrations,
        Reservation reservation,
        Map<Integer, String> identifyingInformation,
        Erasure erasure,
        int generation) {

    /** A unit that has never been used. */
    public static final UnitState NEW = new UnitState(Map.of(), false, List.of(), null, Map.of(), null, 0);

    public UnitState {
        modePages = modePages == null ? Map.of() : Map.copyOf(new TreeMap<>(modePages));
        registrations = registrations == null ? List.of() : List.copyOf(registrations);
        identifyingInformation = identifyingInformation == null ? Map.of() : Map.copyOf(identifyingInformation);
    }

    /**
     * A registration of an I_T nexus (SPC-5 5.14.7).
     *
     * @param initiator node name of the initiator
     * @param isid initiator session identifier
     * @param target node name of the target, or null for all target ports
     * @param groupTag target portal group tag; 0 for all target ports
     * @param key reservation key
     */
    public record Registration(String initiator, long isid, String target, int groupTag, long key) {
        public Registration {
            Objects.requireNonNull(initiator);
        }
    }

    /**
     * A persistent reservation.
     *
     * @param type code of its type (SPC-5 6.13.3.3)
     * @param holder index of its holder among the registrations, or -1 if all registrants are
     */
    public record Reservation(int type, int holder) {}

    /**
     * An erasure of the whole medium: FORMAT UNIT or SANITIZE (SBC-4 4.11).
     *
     * @param serviceAction SERVICE ACTION of SANITIZE, or 0 for FORMAT UNIT
     * @param pattern initialization pattern as hexadecimal digits; empty for zeros
     * @param passes how many times the medium is overwritten
     * @param invert whether the pattern is inverted between passes
     * @param unrestricted whether AUSE allows to leave a failure without sanitizing again
     * @param failed whether it has ended with a failure
     */
    public record Erasure(
            int serviceAction, String pattern, int passes, boolean invert, boolean unrestricted, boolean failed) {
        public Erasure {
            Objects.requireNonNull(pattern);
        }
    }

    /** Returns this state with other saved mode pages. */
    public UnitState withModePages(Map<String, String> changed) {
        return new UnitState(
                changed,
                persistThroughPowerLoss,
                registrations,
                reservation,
                identifyingInformation,
                erasure,
                generation);
    }

    /** Returns this state with other registrations. */
    public UnitState withReservations(boolean persist, List<Registration> registered, Reservation reserved) {
        return new UnitState(modePages, persist, registered, reserved, identifyingInformation, erasure, generation);
    }

    /** Returns this state with other identifying information. */
    public UnitState withIdentifyingInformation(Map<Integer, String> changed) {
        return new UnitState(
                modePages, persistThroughPowerLoss, registrations, reservation, changed, erasure, generation);
    }

    /** Returns this state with another erasure, or none. */
    public UnitState withErasure(Erasure changed) {
        return new UnitState(
                modePages,
                persistThroughPowerLoss,
                registrations,
                reservation,
                identifyingInformation,
                changed,
                generation);
    }

    /** Returns this state with another PRGENERATION. */
    public UnitState withGeneration(int changed) {
        return new UnitState(
                modePages,
                persistThroughPowerLoss,
                registrations,
                reservation,
                identifyingInformation,
                erasure,
                changed);
    }
}
