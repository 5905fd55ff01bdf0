package io.sluice.scsi.internal.pr;

import static org.junit.Assert.assertEquals;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.server.CommandTable;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Test;

/** Every command while another nexus has a reservation: SPC-5 table 68, SBC-4 table 12 and SPC-2 table 10. */
public class ReservationTableTest {

    private static final String EXCLUSIVE_ACCESS_ALLOWS =
            "00 03 12 16* 17* 1b 1e 25 4d 56* 57* 5e/00 5e/01 5e/02 5e/03 5f/00 5f/01 5f/02 5f/03 5f/04 5f/05 5f/06 5f/07"
                    + " 9e/10 a0 a3/05 a3/0a";

    private static final String WRITE_EXCLUSIVE_ALLOWS_TOO = "08 28 2f 34 37 83/10 88 8f 90 9e/12 a8 af b7";

    private static final String RESERVE_ALLOWS = "03 12 16* 17 1e 25 4d 56* 57 9e/10 a0 a3/05 a3/0a";

    private final TestUnit unit = TestUnit.thin();
    private final Nexus other = unit.newNexus(2);

    private static String code(CommandDescriptor row) {
        return row.serviceAction() < 0
                ? String.format("%02x", row.opcode())
                : String.format("%02x/%02x", row.opcode(), row.serviceAction());
    }

    /** A star stands for commands that are let through and then tell of the conflict themselves. */
    private static Set<String> codes(String... lists) {
        Set<String> codes = new TreeSet<>();
        for (String list : lists) {
            for (String code : list.split(" ")) {
                if (!code.endsWith("*")) {
                    codes.add(code);
                }
            }
        }
        return codes;
    }

    private Set<String> allowed() {
        return CommandTable.commands().rows().stream()
                .filter(row -> !code(row).startsWith("5f"))
                .filter(row -> run(row).status() != Status.RESERVATION_CONFLICT)
                .map(ReservationTableTest::code)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** START STOP UNIT starts, and PREVENT ALLOW allows: those forms are never refused. */
    private TestTask run(CommandDescriptor row) {
        byte[] cdb = new byte[row.usage().length];
        cdb[0] = (byte) row.opcode();
        if (row.serviceAction() >= 0) {
            cdb[1] = (byte) row.serviceAction();
        }
        if (row.opcode() == 0x1B) {
            cdb[4] = 1;
        }
        return unit.run(other, HexFormat.ofDelimiter(" ").formatHex(cdb)).await();
    }

    private void reserve(int type) {
        byte[] list = new byte[24];
        list[15] = 1;
        unit.write("5f 00 00 00 00 00 00 00 18 00", list).expectGood();
        list[7] = 1;
        unit.write(String.format("5f 01 %02x 00 00 00 00 00 18 00", type), list).expectGood();
    }

    private static Set<String> without(Set<String> codes, String prefix) {
        codes.removeIf(code -> code.startsWith(prefix));
        return codes;
    }

    @Test
    public void exclusiveAccess() {
        reserve(3);
        assertEquals(without(codes(EXCLUSIVE_ACCESS_ALLOWS), "5f"), allowed());
    }

    @Test
    public void writeExclusive() {
        reserve(1);
        assertEquals(without(codes(EXCLUSIVE_ACCESS_ALLOWS, WRITE_EXCLUSIVE_ALLOWS_TOO), "5f"), allowed());
    }

    @Test
    public void reserve() {
        unit.run("16 00 00 00 00 00").expectGood();
        assertEquals(codes(RESERVE_ALLOWS), allowed());
    }
}
