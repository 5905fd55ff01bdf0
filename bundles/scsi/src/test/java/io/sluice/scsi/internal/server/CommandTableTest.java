package io.sluice.scsi.internal.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.internal.command.Access;
import io.sluice.scsi.internal.command.CommandDescriptor;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Test;

public class CommandTableTest {

    @Test
    public void everyCommandOfTheDisk() {
        String all = CommandTable.commands().rows().stream()
                .map(row -> row.serviceAction() < 0
                        ? String.format("%02x", row.opcode())
                        : String.format("%02x/%02x", row.opcode(), row.serviceAction()))
                .collect(Collectors.joining(" "));
        assertEquals(
                "00 03 04 08 0a 12 15 16 17 1a 1b 1d 1e 25 28 2a 2e 2f 34 35 37 3b 3c 41 42 48/01 48/02 "
                        + "48/03 48/1f 4d 55 56 57 5a 5e/00 5e/01 5e/02 5e/03 5f/00 5f/01 5f/02 5f/03 5f/04 5f/05 "
                        + "5f/06 5f/07 83/00 83/10 83/11 84/00 84/03 84/07 88 89 8a 8b 8e 8f 90 91 93 9c 9e/10 9e/12 "
                        + "a0 a3/05 a3/0a a3/0c a3/0d a4/06 a4/0a a8 aa ae af b7",
                all);
    }

    /** Or it would fail only where a unit stands by. */
    @Test
    public void whatChangesStateCanBeForwarded() {
        Set<Integer> changing = CommandTable.commands().rows().stream()
                .filter(row -> row.has(CommandDescriptor.Trait.CHANGES_STATE))
                .map(CommandDescriptor::opcode)
                .collect(Collectors.toSet());
        assertEquals(changing, Forwarding.LENGTHS.keySet());
    }

    @Test
    public void lengthFollowsTheGroupOfTheOperationCode() {
        for (CommandDescriptor row : CommandTable.commands().rows()) {
            int expected =
                    switch (row.opcode() >> 5) {
                        case 0 -> 6;
                        case 1, 2 -> 10;
                        case 4 -> 16;
                        case 5 -> 12;
                        default -> throw new AssertionError(row.name());
                    };
            assertEquals(row.name(), expected, row.usage().length);
        }
    }

    @Test
    public void everyUnknownBitOfEveryCommandIsRefusedWithItsPlace() {
        TestUnit unit = TestUnit.thin();
        for (CommandDescriptor row : CommandTable.commands().rows()) {
            for (int i = 1; i < row.usage().length; i++) {
                int known = row.usage()[i] & 0xFF | (i == 1 && row.serviceAction() >= 0 ? 0x1F : 0);
                for (int bit = 0; bit < 8; bit++) {
                    if ((known >> bit & 1) == 0) {
                        byte[] cdb = base(row);
                        cdb[i] |= (byte) (1 << bit);
                        run(unit, cdb).expectSense(Sense.INVALID_FIELD_IN_CDB).expectField(i, bit);
                    }
                }
            }
        }
    }

    @Test
    public void unknownOperationCodesAreRefused() {
        TestUnit unit = TestUnit.thin();
        for (int opcode = 0; opcode < 256; opcode++) {
            if (!CommandTable.commands().hasServiceActions(opcode)
                    && CommandTable.commands().find(opcode, 0) == null) {
                byte[] cdb = new byte[16];
                cdb[0] = (byte) opcode;
                run(unit, cdb).expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
            }
        }
    }

    @Test
    public void unknownServiceActionsAreRefused() {
        TestUnit unit = TestUnit.thin();
        run(unit, new byte[] {(byte) 0x9E, 0x1F})
                .expectSense(Sense.INVALID_FIELD_IN_CDB)
                .expectField(1, 4);
        assertNull(CommandTable.commands().find(0x9E, 0x1F));
        assertNotNull(CommandTable.commands().find(0x9E, 0x10));
    }

    @Test
    public void unmapIsUnknownToAFullyProvisionedUnit() {
        TestUnit thick = TestUnit.with(new UnitOptions(false, false, false));
        thick.write("42 00 00 00 00 00 00 00 08 00", new byte[8]).expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
    }

    @Test
    public void everyRowThatNeedsTheMediumSaysSoWithoutOne() {
        TestUnit unit = TestUnit.thin();
        assertTrue(unit.detach().isDone());
        for (CommandDescriptor row : CommandTable.commands().rows()) {
            if (row.access() != Access.NONE) {
                run(unit, base(row)).expectSense(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
            }
        }
    }

    @Test
    public void everyRowThatWritesIsRefusedWhenReadOnly() {
        TestUnit unit = TestUnit.with(new UnitOptions(true, true, false));
        for (CommandDescriptor row : CommandTable.commands().rows()) {
            if (row.access() == Access.WRITE) {
                run(unit, base(row)).expectSense(Sense.WRITE_PROTECTED);
            }
        }
    }

    /**
     * What would change the medium or the unit for others. Not among them: RELEASE gives back what is one's own, PREVENT ALLOW
     * MEDIUM REMOVAL keeps for the reader what it reads, WRITE BUFFER has a buffer for each nexus, a copy needs the right where
     * it goes to, and SET TARGET PORT GROUPS has a right of its own.
     */
    @Test
    public void aNexusThatMayOnlyReadChangesNothing() {
        TestUnit unit = TestUnit.with(new UnitOptions(true, false, true));
        NexusRights rights = new NexusRights(null, true, true, "");
        TestInitiator reader = TestInitiator.at(unit.target, 2, "iqn.2026-11.io.sluice:reader", rights);
        reader.run(0, "00 00 00 00 00 00");
        Set<String> refused = new TreeSet<>();
        for (CommandDescriptor row : CommandTable.commands().rows()) {
            TestTask task = reader.run(0, HexFormat.ofDelimiter(" ").formatHex(base(row)));
            if (isWriteProtected(task.sense())) {
                refused.add(row.name());
            }
        }
        assertEquals(
                Set.of(
                        "COMPARE AND WRITE",
                        "FORMAT UNIT",
                        "MODE SELECT(10)",
                        "MODE SELECT(6)",
                        "ORWRITE(16)",
                        "PERSISTENT RESERVE OUT CLEAR",
                        "PERSISTENT RESERVE OUT PREEMPT",
                        "PERSISTENT RESERVE OUT PREEMPT AND ABORT",
                        "PERSISTENT RESERVE OUT REGISTER",
                        "PERSISTENT RESERVE OUT REGISTER AND IGNORE EXISTING KEY",
                        "PERSISTENT RESERVE OUT REGISTER AND MOVE",
                        "PERSISTENT RESERVE OUT RESERVE",
                        "RESERVE(10)",
                        "RESERVE(6)",
                        "SANITIZE BLOCK ERASE",
                        "SANITIZE CRYPTOGRAPHIC ERASE",
                        "SANITIZE EXIT FAILURE MODE",
                        "SANITIZE OVERWRITE",
                        "SET IDENTIFYING INFORMATION",
                        "START STOP UNIT",
                        "UNMAP",
                        "WRITE AND VERIFY(10)",
                        "WRITE AND VERIFY(12)",
                        "WRITE AND VERIFY(16)",
                        "WRITE ATOMIC(16)",
                        "WRITE SAME(10)",
                        "WRITE SAME(16)",
                        "WRITE USING TOKEN",
                        "WRITE(10)",
                        "WRITE(12)",
                        "WRITE(16)",
                        "WRITE(6)"),
                refused);
    }

    private static boolean isWriteProtected(byte[] sense) {
        return sense.length > 13
                && sense[2] == Sense.WRITE_PROTECTED.key().code()
                && sense[12] == Sense.WRITE_PROTECTED.additionalSenseCode()
                && sense[13] == Sense.WRITE_PROTECTED.qualifier();
    }

    /** The list was on its way when the right went. */
    @Test
    public void aRightThatGoesBeforeTheDataComesIsGone() {
        TestUnit unit = TestUnit.thin();
        TestInitiator host = TestInitiator.at(unit.target, 2, "iqn.2026-11.io.sluice:host", NexusRights.ALL);
        byte[] swp = HexFormat.of().parseHex("00000000" + "0a0a" + "00000800000000000000");
        TestTask select = host.task(0, "15 10 00 00 10 00", swp).holdData();
        host.send(select).expectRunning();
        host.change(new NexusRights(null, true, false, ""));
        select.deliver();
        select.expectSense(Sense.WRITE_PROTECTED);
        unit.write10(0, unit.pattern(1, 7)).expectGood();
    }

    private static byte[] base(CommandDescriptor row) {
        byte[] cdb = new byte[row.usage().length];
        cdb[0] = (byte) row.opcode();
        if (row.serviceAction() >= 0) {
            cdb[1] = (byte) row.serviceAction();
        }
        return cdb;
    }

    private static TestTask run(TestUnit unit, byte[] cdb) {
        return unit.run(HexFormat.ofDelimiter(" ").formatHex(cdb));
    }
}
