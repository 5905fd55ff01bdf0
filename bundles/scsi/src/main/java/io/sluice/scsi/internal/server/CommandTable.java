package io.sluice.scsi.internal.server;

import static io.sluice.scsi.internal.command.Access.MEDIUM;
import static io.sluice.scsi.internal.command.Access.NONE;
import static io.sluice.scsi.internal.command.Access.WRITE;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.CHANGES_STATE;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.IN_ANY_ACCESS_STATE;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.KEEPS_ASIDE;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.MOVES_BLOCKS;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.NEEDS_OTHERS;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.NEEDS_PROVISIONING;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.NEEDS_PROVISIONING_OR_KEY;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.NEEDS_RIGHT_TO_MANAGE;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.NEEDS_RIGHT_TO_WRITE;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.NEEDS_UNMAP;
import static io.sluice.scsi.internal.command.CommandDescriptor.Trait.PASSES_UNIT_ATTENTION;
import static io.sluice.scsi.internal.command.CommandDescriptor.of;
import static io.sluice.scsi.internal.command.CommandDescriptor.ofServiceAction;
import static io.sluice.scsi.internal.format.CdbFormat.CDB10;
import static io.sluice.scsi.internal.format.CdbFormat.CDB12;
import static io.sluice.scsi.internal.format.CdbFormat.CDB16;
import static io.sluice.scsi.internal.format.CdbFormat.CDB6;
import static io.sluice.scsi.internal.reservation.UnderReservation.ALLOWED;
import static io.sluice.scsi.internal.reservation.UnderReservation.ALLOWED_UNDER_PERSISTENT;
import static io.sluice.scsi.internal.reservation.UnderReservation.ALLOWED_UNDER_PERSISTENT_ALONE;
import static io.sluice.scsi.internal.reservation.UnderReservation.ALLOWED_UNDER_WRITE_EXCLUSIVE;
import static io.sluice.scsi.internal.reservation.UnderReservation.CONFLICTS;

import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.command.CommandSet;
import io.sluice.scsi.internal.log.LogSenseCommand;
import io.sluice.scsi.internal.pr.PersistentReserveInCommand;
import io.sluice.scsi.internal.pr.PersistentReserveOutCommand;
import io.sluice.scsi.internal.pr.ReserveReleaseCommand;
import io.sluice.scsi.internal.sbc.CompareAndWriteCommand;
import io.sluice.scsi.internal.sbc.FormatUnitCommand;
import io.sluice.scsi.internal.sbc.GetLbaStatusCommand;
import io.sluice.scsi.internal.sbc.OrWriteCommand;
import io.sluice.scsi.internal.sbc.PreFetchCommand;
import io.sluice.scsi.internal.sbc.PreventAllowMediumRemovalCommand;
import io.sluice.scsi.internal.sbc.ReadCapacity10Command;
import io.sluice.scsi.internal.sbc.ReadCapacity16Command;
import io.sluice.scsi.internal.sbc.ReadCommand;
import io.sluice.scsi.internal.sbc.ReadDefectDataCommand;
import io.sluice.scsi.internal.sbc.SanitizeCommand;
import io.sluice.scsi.internal.sbc.SanitizeExitFailureModeCommand;
import io.sluice.scsi.internal.sbc.StartStopUnitCommand;
import io.sluice.scsi.internal.sbc.SynchronizeCacheCommand;
import io.sluice.scsi.internal.sbc.UnmapCommand;
import io.sluice.scsi.internal.sbc.VerifyCommand;
import io.sluice.scsi.internal.sbc.WriteAndVerifyCommand;
import io.sluice.scsi.internal.sbc.WriteAtomicCommand;
import io.sluice.scsi.internal.sbc.WriteCommand;
import io.sluice.scsi.internal.sbc.WriteSameCommand;
import io.sluice.scsi.internal.spc.InquiryCommand;
import io.sluice.scsi.internal.spc.ModeSelectCommand;
import io.sluice.scsi.internal.spc.ModeSenseCommand;
import io.sluice.scsi.internal.spc.ReadBufferCommand;
import io.sluice.scsi.internal.spc.ReportIdentifyingInformationCommand;
import io.sluice.scsi.internal.spc.ReportLunsCommand;
import io.sluice.scsi.internal.spc.ReportSupportedOperationCodesCommand;
import io.sluice.scsi.internal.spc.ReportSupportedTaskManagementFunctionsCommand;
import io.sluice.scsi.internal.spc.ReportTargetPortGroupsCommand;
import io.sluice.scsi.internal.spc.RequestSenseCommand;
import io.sluice.scsi.internal.spc.SendDiagnosticCommand;
import io.sluice.scsi.internal.spc.SetIdentifyingInformationCommand;
import io.sluice.scsi.internal.spc.SetTargetPortGroupsCommand;
import io.sluice.scsi.internal.spc.TestUnitReadyCommand;
import io.sluice.scsi.internal.spc.WriteBufferCommand;
import io.sluice.scsi.internal.tpc.ExtendedCopyCommand;
import io.sluice.scsi.internal.tpc.PopulateTokenCommand;
import io.sluice.scsi.internal.tpc.ReceiveCopyResultsCommand;
import io.sluice.scsi.internal.tpc.ReceiveRodTokenInformationCommand;
import io.sluice.scsi.internal.tpc.WriteUsingTokenCommand;
import io.sluice.scsi.internal.unit.MediumErasure;
import java.util.List;

/** The one place where a command is declared: one row each, in the order of operation codes. */
public final class CommandTable {

    // spotless:off
    // CDB usage data, service action, name, access, under a reservation of another nexus, handler, traits
    private static final List<CommandDescriptor> ROWS = List.of(
        of("00 00 00 00 00 00",                                 "TEST UNIT READY", MEDIUM, ALLOWED_UNDER_PERSISTENT, new TestUnitReadyCommand()),
        of("03 01 00 00 ff 00",                                 "REQUEST SENSE", NONE, ALLOWED, new RequestSenseCommand(), PASSES_UNIT_ATTENTION, IN_ANY_ACCESS_STATE),
        of("04 3f 00 00 00 00",                                 "FORMAT UNIT", NONE, CONFLICTS, new FormatUnitCommand(), NEEDS_RIGHT_TO_WRITE),
        of("08 1f ff ff ff 00",                                 "READ(6)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new ReadCommand(CDB6), MOVES_BLOCKS),
        of("0a 1f ff ff ff 00",                                 "WRITE(6)", WRITE, CONFLICTS, new WriteCommand(CDB6), MOVES_BLOCKS),
        of("12 01 ff ff ff 00",                                 "INQUIRY", NONE, ALLOWED, new InquiryCommand(), PASSES_UNIT_ATTENTION, IN_ANY_ACCESS_STATE),
        of("15 11 00 00 ff 00",                                 "MODE SELECT(6)", NONE, CONFLICTS, new ModeSelectCommand(CDB6), IN_ANY_ACCESS_STATE, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        of("16 00 00 00 00 00",                                 "RESERVE(6)", NONE, ALLOWED, new ReserveReleaseCommand(true), NEEDS_OTHERS, NEEDS_RIGHT_TO_WRITE),
        of("17 00 00 00 00 00",                                 "RELEASE(6)", NONE, ALLOWED, new ReserveReleaseCommand(false), NEEDS_OTHERS),
        of("1a 08 ff ff ff 00",                                 "MODE SENSE(6)", NONE, CONFLICTS, new ModeSenseCommand(CDB6), IN_ANY_ACCESS_STATE),
        of("1b 01 00 0f f7 00",                                 "START STOP UNIT", NONE, ALLOWED_UNDER_PERSISTENT, new StartStopUnitCommand(), NEEDS_RIGHT_TO_WRITE),
        of("1d f4 00 ff ff 00",                                 "SEND DIAGNOSTIC", NONE, CONFLICTS, new SendDiagnosticCommand(), IN_ANY_ACCESS_STATE),
        of("1e 00 00 00 03 00",                                 "PREVENT ALLOW MEDIUM REMOVAL", NONE, ALLOWED, new PreventAllowMediumRemovalCommand()),
        of("25 00 00 00 00 00 00 00 00 00",                     "READ CAPACITY(10)", NONE, ALLOWED, new ReadCapacity10Command(), IN_ANY_ACCESS_STATE),
        of("28 1a ff ff ff ff 1f ff ff 00",                     "READ(10)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new ReadCommand(CDB10), MOVES_BLOCKS),
        of("2a 1a ff ff ff ff 1f ff ff 00",                     "WRITE(10)", WRITE, CONFLICTS, new WriteCommand(CDB10), MOVES_BLOCKS),
        of("2e 16 ff ff ff ff 1f ff ff 00",                     "WRITE AND VERIFY(10)", WRITE, CONFLICTS, new WriteAndVerifyCommand(CDB10), MOVES_BLOCKS),
        of("2f 16 ff ff ff ff 1f ff ff 00",                     "VERIFY(10)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new VerifyCommand(CDB10), MOVES_BLOCKS),
        of("34 02 ff ff ff ff 1f ff ff 00",                     "PRE-FETCH(10)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new PreFetchCommand(CDB10)),
        of("35 06 ff ff ff ff 1f ff ff 00",                     "SYNCHRONIZE CACHE(10)", MEDIUM, CONFLICTS, new SynchronizeCacheCommand(CDB10)),
        of("37 00 1f 00 00 00 00 ff ff 00",                     "READ DEFECT DATA(10)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new ReadDefectDataCommand(CDB10)),
        of("3b 1f ff ff ff ff ff ff ff 00",                     "WRITE BUFFER", NONE, CONFLICTS, new WriteBufferCommand(), IN_ANY_ACCESS_STATE),
        of("3c 1f ff ff ff ff ff ff ff 00",                     "READ BUFFER(10)", NONE, CONFLICTS, new ReadBufferCommand(), IN_ANY_ACCESS_STATE),
        of("41 08 ff ff ff ff 1f ff ff 00",                     "WRITE SAME(10)", WRITE, CONFLICTS, new WriteSameCommand(CDB10), MOVES_BLOCKS),
        of("42 00 00 00 00 00 1f ff ff 00",                     "UNMAP", WRITE, CONFLICTS, new UnmapCommand(), NEEDS_PROVISIONING, NEEDS_UNMAP, MOVES_BLOCKS),
        ofServiceAction("48 a0 00 00 00 00 00 ff ff 00", 0x01,                    "SANITIZE OVERWRITE", NONE, CONFLICTS, new SanitizeCommand(MediumErasure.OVERWRITE), NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("48 a0 00 00 00 00 00 ff ff 00", 0x02,                    "SANITIZE BLOCK ERASE", NONE, CONFLICTS, new SanitizeCommand(MediumErasure.BLOCK_ERASE), NEEDS_PROVISIONING, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("48 a0 00 00 00 00 00 ff ff 00", 0x03,                    "SANITIZE CRYPTOGRAPHIC ERASE", NONE, CONFLICTS, new SanitizeCommand(MediumErasure.CRYPTOGRAPHIC_ERASE), NEEDS_PROVISIONING_OR_KEY, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("48 a0 00 00 00 00 00 ff ff 00", 0x1f,                    "SANITIZE EXIT FAILURE MODE", NONE, CONFLICTS, new SanitizeExitFailureModeCommand(), NEEDS_RIGHT_TO_WRITE),
        of("4d 01 ff ff 00 ff ff ff ff 00",                     "LOG SENSE", NONE, ALLOWED, new LogSenseCommand(), IN_ANY_ACCESS_STATE),
        of("55 11 00 00 00 00 00 ff ff 00",                     "MODE SELECT(10)", NONE, CONFLICTS, new ModeSelectCommand(CDB10), IN_ANY_ACCESS_STATE, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        of("56 00 00 00 00 00 00 00 00 00",                     "RESERVE(10)", NONE, ALLOWED, new ReserveReleaseCommand(true), NEEDS_OTHERS, NEEDS_RIGHT_TO_WRITE),
        of("57 00 00 00 00 00 00 00 00 00",                     "RELEASE(10)", NONE, ALLOWED, new ReserveReleaseCommand(false), NEEDS_OTHERS),
        of("5a 18 ff ff 00 00 00 ff ff 00",                     "MODE SENSE(10)", NONE, CONFLICTS, new ModeSenseCommand(CDB10), IN_ANY_ACCESS_STATE),
        ofServiceAction("5e 00 00 00 00 00 00 ff ff 00", 0x00,                    "PERSISTENT RESERVE IN READ KEYS", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveInCommand.READ_KEYS, IN_ANY_ACCESS_STATE, NEEDS_OTHERS),
        ofServiceAction("5e 00 00 00 00 00 00 ff ff 00", 0x01,                    "PERSISTENT RESERVE IN READ RESERVATION", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveInCommand.READ_RESERVATION, IN_ANY_ACCESS_STATE, NEEDS_OTHERS),
        ofServiceAction("5e 00 00 00 00 00 00 ff ff 00", 0x02,                    "PERSISTENT RESERVE IN REPORT CAPABILITIES", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveInCommand.REPORT_CAPABILITIES, IN_ANY_ACCESS_STATE, NEEDS_OTHERS),
        ofServiceAction("5e 00 00 00 00 00 00 ff ff 00", 0x03,                    "PERSISTENT RESERVE IN READ FULL STATUS", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveInCommand.READ_FULL_STATUS, IN_ANY_ACCESS_STATE, NEEDS_OTHERS),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x00,                    "PERSISTENT RESERVE OUT REGISTER", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.REGISTER, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x01,                    "PERSISTENT RESERVE OUT RESERVE", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.RESERVE, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x02,                    "PERSISTENT RESERVE OUT RELEASE", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.RELEASE, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x03,                    "PERSISTENT RESERVE OUT CLEAR", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.CLEAR, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x04,                    "PERSISTENT RESERVE OUT PREEMPT", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.PREEMPT, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x05,                    "PERSISTENT RESERVE OUT PREEMPT AND ABORT", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.PREEMPT_AND_ABORT, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x06,                    "PERSISTENT RESERVE OUT REGISTER AND IGNORE EXISTING KEY", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.REGISTER_AND_IGNORE_EXISTING_KEY, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("5f 00 ff 00 00 ff ff ff ff 00", 0x07,                    "PERSISTENT RESERVE OUT REGISTER AND MOVE", NONE, ALLOWED_UNDER_PERSISTENT_ALONE, PersistentReserveOutCommand.REGISTER_AND_MOVE, IN_ANY_ACCESS_STATE, NEEDS_OTHERS, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("83 00 00 00 00 00 00 00 00 00 ff ff ff ff 00 00", 0x00,  "EXTENDED COPY(LID1)", MEDIUM, CONFLICTS, new ExtendedCopyCommand()),
        ofServiceAction("83 00 00 00 00 00 ff ff ff ff ff ff ff ff 1f 00", 0x10,  "POPULATE TOKEN", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new PopulateTokenCommand()),
        ofServiceAction("83 00 00 00 00 00 ff ff ff ff ff ff ff ff 1f 00", 0x11,  "WRITE USING TOKEN", WRITE, CONFLICTS, new WriteUsingTokenCommand()),
        ofServiceAction("84 00 ff 00 00 00 00 00 00 00 ff ff ff ff 00 00", 0x00,  "RECEIVE COPY STATUS(LID1)", NONE, CONFLICTS, ReceiveCopyResultsCommand.COPY_STATUS),
        ofServiceAction("84 00 ff 00 00 00 00 00 00 00 ff ff ff ff 00 00", 0x03,  "RECEIVE COPY OPERATING PARAMETERS", NONE, CONFLICTS, ReceiveCopyResultsCommand.OPERATING_PARAMETERS),
        ofServiceAction("84 00 ff ff ff ff 00 00 00 00 ff ff ff ff 00 00", 0x07,  "RECEIVE ROD TOKEN INFORMATION", NONE, CONFLICTS, new ReceiveRodTokenInformationCommand()),
        of("88 1a ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "READ(16)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new ReadCommand(CDB16), MOVES_BLOCKS),
        of("89 18 ff ff ff ff ff ff ff ff 00 00 00 ff 1f 00",   "COMPARE AND WRITE", WRITE, CONFLICTS, new CompareAndWriteCommand(), MOVES_BLOCKS),
        of("8a 1a ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "WRITE(16)", WRITE, CONFLICTS, new WriteCommand(CDB16), MOVES_BLOCKS),
        of("8b 18 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "ORWRITE(16)", WRITE, CONFLICTS, new OrWriteCommand(), MOVES_BLOCKS),
        of("8e 16 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "WRITE AND VERIFY(16)", WRITE, CONFLICTS, new WriteAndVerifyCommand(CDB16), MOVES_BLOCKS),
        of("8f 16 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "VERIFY(16)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new VerifyCommand(CDB16), MOVES_BLOCKS),
        of("90 02 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "PRE-FETCH(16)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new PreFetchCommand(CDB16)),
        of("91 06 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "SYNCHRONIZE CACHE(16)", MEDIUM, CONFLICTS, new SynchronizeCacheCommand(CDB16)),
        of("93 09 ff ff ff ff ff ff ff ff ff ff ff ff 1f 00",   "WRITE SAME(16)", WRITE, CONFLICTS, new WriteSameCommand(CDB16), MOVES_BLOCKS),
        of("9c 18 ff ff ff ff ff ff ff ff 00 00 ff ff 1f 00",   "WRITE ATOMIC(16)", WRITE, CONFLICTS, new WriteAtomicCommand(), MOVES_BLOCKS, KEEPS_ASIDE),
        ofServiceAction("9e 00 00 00 00 00 00 00 00 00 ff ff ff ff 00 00", 0x10,  "READ CAPACITY(16)", NONE, ALLOWED, new ReadCapacity16Command(), IN_ANY_ACCESS_STATE),
        ofServiceAction("9e 00 ff ff ff ff ff ff ff ff ff ff ff ff 00 00", 0x12,  "GET LBA STATUS(16)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new GetLbaStatusCommand()),
        of("a0 00 ff 00 00 00 ff ff ff ff 00 00",               "REPORT LUNS", NONE, ALLOWED, new ReportLunsCommand(), PASSES_UNIT_ATTENTION, IN_ANY_ACCESS_STATE),
        ofServiceAction("a3 00 00 00 00 00 ff ff ff ff fe 00", 0x05,              "REPORT IDENTIFYING INFORMATION", NONE, ALLOWED, new ReportIdentifyingInformationCommand(), IN_ANY_ACCESS_STATE),
        ofServiceAction("a3 e0 00 00 00 00 ff ff ff ff 00 00", 0x0a,              "REPORT TARGET PORT GROUPS", NONE, ALLOWED, new ReportTargetPortGroupsCommand(), IN_ANY_ACCESS_STATE),
        ofServiceAction("a3 00 87 ff ff ff ff ff ff ff 00 00", 0x0c,              "REPORT SUPPORTED OPERATION CODES", NONE, CONFLICTS, new ReportSupportedOperationCodesCommand(CommandTable::commands), IN_ANY_ACCESS_STATE),
        ofServiceAction("a3 00 80 00 00 00 ff ff ff ff 00 00", 0x0d,              "REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS", NONE, CONFLICTS, new ReportSupportedTaskManagementFunctionsCommand(), IN_ANY_ACCESS_STATE),
        ofServiceAction("a4 00 00 00 00 00 ff ff ff ff fe 00", 0x06,              "SET IDENTIFYING INFORMATION", NONE, CONFLICTS, new SetIdentifyingInformationCommand(), IN_ANY_ACCESS_STATE, CHANGES_STATE, NEEDS_RIGHT_TO_WRITE),
        ofServiceAction("a4 00 00 00 00 00 ff ff ff ff 00 00", 0x0a,              "SET TARGET PORT GROUPS", NONE, CONFLICTS, new SetTargetPortGroupsCommand(), IN_ANY_ACCESS_STATE, NEEDS_RIGHT_TO_MANAGE),
        of("a8 1a ff ff ff ff ff ff ff ff 1f 00",               "READ(12)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new ReadCommand(CDB12), MOVES_BLOCKS),
        of("aa 1a ff ff ff ff ff ff ff ff 1f 00",               "WRITE(12)", WRITE, CONFLICTS, new WriteCommand(CDB12), MOVES_BLOCKS),
        of("ae 16 ff ff ff ff ff ff ff ff 1f 00",               "WRITE AND VERIFY(12)", WRITE, CONFLICTS, new WriteAndVerifyCommand(CDB12), MOVES_BLOCKS),
        of("af 16 ff ff ff ff ff ff ff ff 1f 00",               "VERIFY(12)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new VerifyCommand(CDB12), MOVES_BLOCKS),
        of("b7 1f 00 00 00 00 ff ff ff ff 00 00",               "READ DEFECT DATA(12)", MEDIUM, ALLOWED_UNDER_WRITE_EXCLUSIVE, new ReadDefectDataCommand(CDB12)));
    // spotless:on

    private static final CommandSet COMMANDS = new CommandSet(ROWS);

    private CommandTable() {}

    /** Returns the commands. */
    public static CommandSet commands() {
        return COMMANDS;
    }
}
