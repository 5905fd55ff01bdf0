package io.sluice.scsi.internal;

import static io.sluice.scsi.internal.Access.MEDIUM;
import static io.sluice.scsi.internal.Access.NONE;
import static io.sluice.scsi.internal.Access.WRITE;
import static io.sluice.scsi.internal.CdbFormat.CDB10;
import static io.sluice.scsi.internal.CdbFormat.CDB12;
import static io.sluice.scsi.internal.CdbFormat.CDB16;
import static io.sluice.scsi.internal.CdbFormat.CDB6;
import static io.sluice.scsi.internal.CommandDescriptor.Trait.NEEDS_PROVISIONING;
import static io.sluice.scsi.internal.CommandDescriptor.Trait.PASSES_UNIT_ATTENTION;
import static io.sluice.scsi.internal.CommandDescriptor.of;
import static io.sluice.scsi.internal.CommandDescriptor.ofServiceAction;

import io.sluice.scsi.internal.sbc.PreventAllowMediumRemovalCommand;
import io.sluice.scsi.internal.sbc.ReadCapacity10Command;
import io.sluice.scsi.internal.sbc.ReadCapacity16Command;
import io.sluice.scsi.internal.sbc.ReadCommand;
import io.sluice.scsi.internal.sbc.StartStopUnitCommand;
import io.sluice.scsi.internal.sbc.SynchronizeCacheCommand;
import io.sluice.scsi.internal.sbc.UnmapCommand;
import io.sluice.scsi.internal.sbc.VerifyCommand;
import io.sluice.scsi.internal.sbc.WriteCommand;
import io.sluice.scsi.internal.sbc.WriteSameCommand;
import io.sluice.scsi.internal.spc.InquiryCommand;
import io.sluice.scsi.internal.spc.ModeSelectCommand;
import io.sluice.scsi.internal.spc.ModeSenseCommand;
import io.sluice.scsi.internal.spc.ReportLunsCommand;
import io.sluice.scsi.internal.spc.ReportSupportedOperationCodesCommand;
import io.sluice.scsi.internal.spc.RequestSenseCommand;
import io.sluice.scsi.internal.spc.TestUnitReadyCommand;
import java.util.Collections;
import java.util.List;

/** The one place where a command is declared: one row each, in the order of operation codes. */
public final class CommandTable {

    // spotless:off
    private static final List<CommandDescriptor> ROWS = List.of(
        of("00 00 00 00 00 00",                               "TEST UNIT READY",        MEDIUM, new TestUnitReadyCommand()),
        of("03 01 00 00 ff 00",                               "REQUEST SENSE",          NONE,   new RequestSenseCommand(), PASSES_UNIT_ATTENTION),
        of("08 1f ff ff ff 00",                               "READ(6)",                MEDIUM, new ReadCommand(CDB6)),
        of("0a 1f ff ff ff 00",                               "WRITE(6)",               WRITE,  new WriteCommand(CDB6)),
        of("12 01 ff ff ff 00",                               "INQUIRY",                NONE,   new InquiryCommand(), PASSES_UNIT_ATTENTION),
        of("15 11 00 00 ff 00",                               "MODE SELECT(6)",         NONE,   new ModeSelectCommand(CDB6)),
        of("1a 08 ff ff ff 00",                               "MODE SENSE(6)",          NONE,   new ModeSenseCommand(CDB6)),
        of("1b 01 00 0f f7 00",                               "START STOP UNIT",        NONE,   new StartStopUnitCommand()),
        of("1e 00 00 00 03 00",                               "PREVENT ALLOW MEDIUM REMOVAL", NONE, new PreventAllowMediumRemovalCommand()),
        of("25 00 00 00 00 00 00 00 00 00",                   "READ CAPACITY(10)",      MEDIUM, new ReadCapacity10Command()),
        of("28 1a ff ff ff ff 1f ff ff 00",                   "READ(10)",               MEDIUM, new ReadCommand(CDB10)),
        of("2a 1a ff ff ff ff 1f ff ff 00",                   "WRITE(10)",              WRITE,  new WriteCommand(CDB10)),
        of("2f 16 ff ff ff ff 1f ff ff 00",                   "VERIFY(10)",             MEDIUM, new VerifyCommand(CDB10)),
        of("35 06 ff ff ff ff 1f ff ff 00",                   "SYNCHRONIZE CACHE(10)",  MEDIUM, new SynchronizeCacheCommand(CDB10)),
        of("41 08 ff ff ff ff 1f ff ff 00",                   "WRITE SAME(10)",         WRITE,  new WriteSameCommand(CDB10)),
        of("42 00 00 00 00 00 1f ff ff 00",                   "UNMAP",                  WRITE,  new UnmapCommand(), NEEDS_PROVISIONING),
        of("55 11 00 00 00 00 00 ff ff 00",                   "MODE SELECT(10)",        NONE,   new ModeSelectCommand(CDB10)),
        of("5a 18 ff ff 00 00 00 ff ff 00",                   "MODE SENSE(10)",         NONE,   new ModeSenseCommand(CDB10)),
        of("88 1a ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", "READ(16)",               MEDIUM, new ReadCommand(CDB16)),
        of("8a 1a ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", "WRITE(16)",              WRITE,  new WriteCommand(CDB16)),
        of("8f 16 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", "VERIFY(16)",             MEDIUM, new VerifyCommand(CDB16)),
        of("91 06 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", "SYNCHRONIZE CACHE(16)",  MEDIUM, new SynchronizeCacheCommand(CDB16)),
        of("93 09 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00", "WRITE SAME(16)",         WRITE,  new WriteSameCommand(CDB16)),
        ofServiceAction("9e 10 00 00 00 00 00 00 00 00 ff ff ff ff 00 00", "READ CAPACITY(16)", MEDIUM, new ReadCapacity16Command()),
        of("a0 00 ff 00 00 00 ff ff ff ff 00 00",             "REPORT LUNS",            NONE,   new ReportLunsCommand(), PASSES_UNIT_ATTENTION),
        ofServiceAction("a3 0c 87 ff ff ff ff ff ff ff 00 00", "REPORT SUPPORTED OPERATION CODES", NONE, new ReportSupportedOperationCodesCommand()),
        of("a8 1a ff ff ff ff ff ff ff ff 1f 00",             "READ(12)",               MEDIUM, new ReadCommand(CDB12)),
        of("aa 1a ff ff ff ff ff ff ff ff 1f 00",             "WRITE(12)",              WRITE,  new WriteCommand(CDB12)),
        of("af 16 ff ff ff ff ff ff ff ff 1f 00",             "VERIFY(12)",             MEDIUM, new VerifyCommand(CDB12)));
    // spotless:on

    private static final int OPCODES = 256;
    private static final int SERVICE_ACTIONS = 32;

    private static final CommandDescriptor[] BY_OPCODE = new CommandDescriptor[OPCODES];
    private static final CommandDescriptor[][] BY_SERVICE_ACTION = new CommandDescriptor[OPCODES][];

    static {
        for (CommandDescriptor row : ROWS) {
            index(row);
        }
    }

    private CommandTable() {}

    /** Returns all rows, in the order of operation code and service action. */
    public static List<CommandDescriptor> rows() {
        return Collections.unmodifiableList(ROWS);
    }

    /** Returns the row of a CDB, or null if there is none. */
    public static CommandDescriptor find(byte[] cdb) {
        return find(cdb[0] & 0xFF, cdb[1] & (SERVICE_ACTIONS - 1));
    }

    /** Returns the row of an operation code and, where that has any, service action, or null. */
    public static CommandDescriptor find(int opcode, int serviceAction) {
        CommandDescriptor[] actions = BY_SERVICE_ACTION[opcode];
        return actions == null ? BY_OPCODE[opcode] : actions[serviceAction];
    }

    /** Returns whether commands of an operation code are told apart by a service action. */
    public static boolean hasServiceActions(int opcode) {
        return BY_SERVICE_ACTION[opcode] != null;
    }

    private static void index(CommandDescriptor row) {
        CommandDescriptor[] slots = BY_OPCODE;
        int slot = row.opcode();
        if (row.serviceAction() != CommandDescriptor.NO_SERVICE_ACTION) {
            if (BY_SERVICE_ACTION[row.opcode()] == null) {
                BY_SERVICE_ACTION[row.opcode()] = new CommandDescriptor[SERVICE_ACTIONS];
            }
            slots = BY_SERVICE_ACTION[row.opcode()];
            slot = row.serviceAction();
        }
        if (slots[slot] != null) {
            throw new IllegalStateException("two rows for " + row.name() + " and " + slots[slot].name());
        }
        slots[slot] = row;
    }
}
