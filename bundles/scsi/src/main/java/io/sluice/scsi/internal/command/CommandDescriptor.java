package io.sluice.scsi.internal.command;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.reservation.UnderReservation;
import io.sluice.scsi.internal.unit.BlockDevice;
import java.util.HexFormat;
import java.util.Set;

/**
 * One row of the table of commands: everything that is known of a command.
 *
 * @param opcode OPERATION CODE
 * @param serviceAction SERVICE ACTION, or {@link #NO_SERVICE_ACTION}
 * @param name the standard's name
 * @param usage CDB usage data: the bits of the CDB that are looked at, as REPORT SUPPORTED OPERATION CODES returns them;
 *     all others must be zero. Its length is that of the CDB.
 * @param access what it needs of the medium
 * @param underReservation whether it is allowed while another nexus has a reservation
 * @param traits how it is treated apart from that
 * @param command its handler
 */
public record CommandDescriptor(
        int opcode,
        int serviceAction,
        String name,
        byte[] usage,
        Access access,
        UnderReservation underReservation,
        Set<Trait> traits,
        Command command) {

    /** Stands for a command that is known by its operation code alone. */
    public static final int NO_SERVICE_ACTION = -1;

    private static final int SERVICE_ACTION_MASK = 0x1F;

    /** How a command differs from the common run. */
    public enum Trait {
        /** Is performed while a unit attention is pending and leaves it pending (SAM-5 5.14). */
        PASSES_UNIT_ATTENTION,
        /** Is performed in the standby and unavailable states too (SPC-5 5.16.2.4.4, 5.16.2.4.5). */
        IN_ANY_ACCESS_STATE,
        /** Changes what the unit keeps, and is performed where its medium is served: by another gateway if this one stands by. */
        CHANGES_STATE,
        /**
         * Is about reservations, of which all gateways have to say the same: what another gateway has changed must be known before it
         * is answered.
         */
        NEEDS_OTHERS,
        /** Keeps blocks aside, and exists only on a unit that {@link BlockDevice#mayKeepAside lets} it. */
        KEEPS_ASIDE,
        /** Exists only on a unit with logical block provisioning management (SBC-4 4.7). */
        NEEDS_PROVISIONING,
        /** As that one, but also on a unit whose blocks are encrypted, and that {@link BlockDevice#erasesKey erases} their key. */
        NEEDS_PROVISIONING_OR_KEY,
        /** Exists only on a unit that offers the UNMAP command (LBPU). */
        NEEDS_UNMAP,
        /** Reads blocks or changes them, and waits where its initiator has a limit. */
        MOVES_BLOCKS,
        /** Hits others, and is only for a nexus with the right to that. */
        NEEDS_RIGHT_TO_MANAGE,
        /** Changes the unit or its medium for others by another way than a write, and is not for a nexus that may only read. */
        NEEDS_RIGHT_TO_WRITE
    }

    /** Makes the row of a command that is known by its operation code alone, the first byte of its usage data. */
    public static CommandDescriptor of(
            String usage, String name, Access access, UnderReservation allowed, Command command, Trait... traits) {
        byte[] bits = HexFormat.ofDelimiter(" ").parseHex(usage);
        return new CommandDescriptor(
                bits[0] & 0xFF, NO_SERVICE_ACTION, name, bits, access, allowed, Set.of(traits), command);
    }

    /** Makes the row of a command that is known by its service action too. */
    public static CommandDescriptor ofServiceAction(
            String usage,
            int serviceAction,
            String name,
            Access access,
            UnderReservation allowed,
            Command command,
            Trait... traits) {
        byte[] bits = HexFormat.ofDelimiter(" ").parseHex(usage);
        bits[1] |= (byte) serviceAction;
        return new CommandDescriptor(
                bits[0] & 0xFF, serviceAction, name, bits, access, allowed, Set.of(traits), command);
    }

    /** Returns whether the unit has this command. */
    public boolean supportedBy(BlockDevice unit) {
        return (!has(Trait.KEEPS_ASIDE) || unit.mayKeepAside())
                && (!has(Trait.NEEDS_PROVISIONING) || unit.provisioned())
                && (!has(Trait.NEEDS_PROVISIONING_OR_KEY) || unit.provisioned() || unit.erasesKey())
                && (!has(Trait.NEEDS_UNMAP) || unit.options().unmap());
    }

    /** Returns whether hosts are told that the unit has this command; one that they use all the same may wait until that is known. */
    public boolean offeredBy(BlockDevice unit) {
        return supportedBy(unit) && (!has(Trait.KEEPS_ASIDE) || unit.offersKeepingAside());
    }

    /** Returns whether a nexus may use this command. */
    public boolean allowedTo(Nexus nexus) {
        return !has(Trait.NEEDS_RIGHT_TO_MANAGE) || nexus.rights().manage();
    }

    /** Returns whether the command has a trait. */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /**
     * Refuses a CDB that sets a bit which this row does not know.
     *
     * @throws CheckConditionException INVALID FIELD IN CDB with a pointer to the bit
     */
    public void checkReservedBits(byte[] cdb) throws CheckConditionException {
        for (int i = 1; i < usage.length; i++) {
            int known = usage[i] & 0xFF;
            if (i == 1 && serviceAction != NO_SERVICE_ACTION) {
                known |= SERVICE_ACTION_MASK;
            }
            int unknown = cdb[i] & 0xFF & ~known;
            if (unknown != 0) {
                throw new CheckConditionException(
                        SenseData.invalidFieldInCdb(i, 31 - Integer.numberOfLeadingZeros(unknown)));
            }
        }
    }
}
