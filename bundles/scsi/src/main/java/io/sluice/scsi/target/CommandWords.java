package io.sluice.scsi.target;

import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseKey;
import io.sluice.scsi.Status;
import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.server.CommandTable;
import java.util.HexFormat;

/** Commands and how they end, for people. Takes whatever an initiator may have sent. */
public final class CommandWords {

    private static final HexFormat HEX = HexFormat.of();
    private static final int DESCRIPTOR_FORMAT = 0x72;
    private static final int DEFERRED_DESCRIPTOR_FORMAT = 0x73;
    private static final int FIXED_LENGTH = 14;
    private static final int GROUP_SHIFT = 5;
    private static final int KEY_MASK = 0x0F;

    private CommandWords() {}

    /** Returns the name of a command, and which blocks or how much it is about. */
    public static String of(byte[] cdb) {
        CommandDescriptor row = CommandTable.commands().find(cdb);
        if (row == null) {
            return "unknown command " + HEX.formatHex(cdb, 0, Math.min(cdb.length, CdbFormat.CDB16.lengthBytes()));
        }
        CdbFormat format = format(cdb[0]);
        if (row.name().equals("COMPARE AND WRITE")) {
            return row.name() + " lba=" + Long.toUnsignedString(format.lba(cdb)) + " blocks=" + (cdb[13] & 0xFF);
        }
        if (hasBlocks(row)) {
            return row.name() + " lba=" + Long.toUnsignedString(format.lba(cdb)) + " blocks=" + format.blocks(cdb);
        }
        return row.serviceAction() == CommandDescriptor.NO_SERVICE_ACTION && row.opcode() != 0
                ? row.name() + rest(row, cdb)
                : row.name();
    }

    /** A page of INQUIRY and of the mode commands is worth more than its length. */
    private static String rest(CommandDescriptor row, byte[] cdb) {
        String page = HEX.toHexDigits(cdb[2]);
        return switch (row.name()) {
            case "INQUIRY" -> (cdb[1] & 1) == 0 ? "" : " page=" + page;
            case "MODE SENSE(6)", "MODE SENSE(10)", "LOG SENSE" -> " page=" + HEX.toHexDigits((byte) (cdb[2] & 0x3F));
            default -> "";
        };
    }

    private static boolean hasBlocks(CommandDescriptor row) {
        return row.has(CommandDescriptor.Trait.MOVES_BLOCKS) && !row.name().equals("UNMAP")
                || row.name().startsWith("SYNCHRONIZE CACHE")
                || row.name().startsWith("PRE-FETCH");
    }

    /** The upper three bits of an operation code say how long its CDB is (SPC-5 4.2.5.1). */
    private static CdbFormat format(byte opcode) {
        return switch ((opcode & 0xFF) >>> GROUP_SHIFT) {
            case 0 -> CdbFormat.CDB6;
            case 1, 2 -> CdbFormat.CDB10;
            case 5 -> CdbFormat.CDB12;
            default -> CdbFormat.CDB16;
        };
    }

    /**
     * Returns a status, with what its sense data says.
     *
     * @param sense sense data in wire form; empty if there is none
     */
    public static String of(Status status, byte[] sense) {
        String words = words(status.name());
        if (sense.length < 4) {
            return words;
        }
        boolean descriptors = (sense[0] & 0x7F) == DESCRIPTOR_FORMAT || (sense[0] & 0x7F) == DEFERRED_DESCRIPTOR_FORMAT;
        if (!descriptors && sense.length < FIXED_LENGTH) {
            return words;
        }
        int key = (descriptors ? sense[1] : sense[2]) & KEY_MASK;
        int code = (descriptors ? sense[2] : sense[12]) & 0xFF;
        int qualifier = (descriptors ? sense[3] : sense[13]) & 0xFF;
        return words + ", " + key(key) + ", " + code(key, code, qualifier);
    }

    private static String key(int code) {
        for (SenseKey key : SenseKey.values()) {
            if (key.code() == code) {
                return words(key.name());
            }
        }
        return "sense key " + HEX.toHexDigits((byte) code);
    }

    private static String code(int key, int code, int qualifier) {
        String number = HEX.toHexDigits((byte) code) + "/" + HEX.toHexDigits((byte) qualifier);
        for (Sense sense : Sense.values()) {
            if (sense.additionalSenseCode() == code
                    && sense.qualifier() == qualifier
                    && sense.key().code() == key) {
                return words(sense.name()) + " (" + number + ")";
            }
        }
        return number;
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }
}
