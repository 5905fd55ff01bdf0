package io.sluice.scsi.internal.spc;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.Durability;
import io.sluice.scsi.Lun;
import io.sluice.scsi.ModeTestData;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.internal.server.CommandTable;
import io.sluice.scsi.target.LogicalUnit;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.Test;

public class PrimaryCommandsTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final TestUnit unit = TestUnit.thin();

    @Test
    public void standardInquiryData() {
        byte[] data =
                unit.run("12 00 00 01 00 00").expectGood().expectTransfer(96).data();
        assertEquals("00 00 06 12 5b 38 00 02", HEX.formatHex(data, 0, 8));
        assertEquals("SLUICE  VIRTUAL-DISK    0001", new String(data, 8, 28, StandardCharsets.US_ASCII));
        assertEquals("00 a0 04 60 04 c0 09 60", HEX.formatHex(data, 58, 66));
    }

    @Test
    public void inquiryOfARemovableUnit() {
        TestUnit removable = TestUnit.with(new UnitOptions(true, false, true));
        assertEquals((byte) 0x80, removable.run("12 00 00 00 24 00").data()[1]);
    }

    @Test
    public void inquiryGivesNoMoreThanAsked() {
        for (int length = 0; length < 100; length++) {
            unit.run(String.format("12 00 00 00 %02x 00", length)).expectGood().expectTransfer(Math.min(length, 96));
        }
    }

    @Test
    public void inquiryForPagesThatAreNotThere() {
        unit.run("12 00 01 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB).expectField(2, -1);
        unit.run("12 01 c0 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB).expectField(2, -1);
    }

    @Test
    public void vitalProductData() {
        String[][] rows = {
            {"00", "00 00 00 0b 00 80 83 85 86 87 88 8f b0 b1 b2"},
            {"85", "00 85 00 00"},
            {"86", "00 86 00 3c 00 07 01 00" + " 00".repeat(56)},
            {"87", "00 87 00 04 3f ff 00 00"},
            {
                "88",
                "00 88 00 34 00 00 00 01 00 00 00 00 00 00 00 28 53 98 00 24 "
                        + ascii("iqn.2026-11.io.sluice:test,t,0x0001") + " 00"
            },
            {"80", "00 80 00 10 " + HEX.formatHex("0123456789abcdef".getBytes(StandardCharsets.US_ASCII))},
            {
                "b0",
                "00 b0 00 3c 01 ff 00 08 00 00 40 00 00 00 08 00 00 00 00 00 00 10 00 00 00 00 01 00 00 00 00 08 "
                        + "80 00 00 00 00 00 00 00 00 00 80 00 00 00 08 00 00 00 00 08 00 00 00 08 00 00 00 00 00 00 00 00"
            },
            {"b2", "00 b2 00 04 00 e4 02 00"},
        };
        for (String[] row : rows) {
            byte[] data = unit.run("12 01 " + row[0] + " 01 00 00").expectGood().data();
            byte[] expected = HEX.parseHex(row[1]);
            assertEquals(row[1], HEX.formatHex(Arrays.copyOf(data, expected.length)));
            unit.run("12 01 " + row[0] + " 01 00 00").expectTransfer(expected.length);
        }
        assertEquals(
                "00 b1 00 3c 00 01 00 50",
                HEX.formatHex(unit.run("12 01 b1 01 00 00").data(), 0, 8));
    }

    @Test
    public void provisioningPagesOfAFullyProvisionedUnit() {
        TestUnit thick = TestUnit.with(new UnitOptions(false, false, false));
        assertEquals(
                "00 b2 00 04 00 00 00 00",
                HEX.formatHex(thick.run("12 01 b2 01 00 00").data(), 0, 8));
        byte[] limits = thick.run("12 01 b0 01 00 00").data();
        assertArrayEquals(new byte[16], Arrays.copyOfRange(limits, 20, 36));
    }

    @Test
    public void limitsOfTheStoreAreTold() {
        unit.store.limits =
                BackstoreLimits.NONE.withOptimalTransferBytes(2 << 20).withUnmapGranularityBytes(1 << 20, 64 << 10);
        byte[] limits = unit.run("12 01 b0 01 00 00").data();
        assertEquals("00 00 40 00 00 00 10 00", HEX.formatHex(limits, 8, 16));
        assertEquals("00 00 08 00 80 00 00 80", HEX.formatHex(limits, 28, 36));
    }

    @Test
    public void deviceIdentification() {
        byte[] data = unit.run("12 01 83 01 00 00").expectGood().data();
        String page = HEX.formatHex(data);
        assertEquals("01 03 00 10 6a 2b 3c 4d 5e 6f 70 81 92 a3 b4 c5 d6 e7 f8 09", HEX.formatHex(data, 4, 24));
        for (String designator : new String[] {
            "02 01 00 18 " + ascii("SLUICE  0123456789abcdef"),
            "03 08 00 28 " + ascii("naa.6a2b3c4d5e6f708192a3b4c5d6e7f809") + " 00",
            "51 94 00 04 00 00 00 01",
            "51 95 00 04 00 00 00 01",
            "53 98 00 24 " + ascii("iqn.2026-11.io.sluice:test,t,0x0001") + " 00",
            "53 a8 00 1c " + ascii("iqn.2026-11.io.sluice:test") + " 00",
        }) {
            assertTrue(designator, page.contains(designator));
        }
    }

    private static String ascii(String text) {
        return HEX.formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    public void reportLuns() {
        LogicalUnit second = new LogicalUnit(
                TestUnit.volume("second", unit.store.geometry()),
                TestUnit.IDENTITY,
                new UnitOptions(true, false, false));
        unit.target.map(300, second, false);
        String list = "00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 41 2c 00 00 00 00 00 00";
        byte[] data =
                unit.run("a0 00 00 00 00 00 00 00 01 00 00 00").expectGood().data();
        assertEquals(list, HEX.formatHex(data, 0, 24));
        unit.testUnitReady().expectGood();
        byte[] wellKnown = unit.run("a0 00 01 00 00 00 00 00 01 00 00 00").data();
        assertEquals("00 00 00 08 00 00 00 00 c1 01 00 00 00 00 00 00", HEX.formatHex(wellKnown, 0, 16));
        unit.run("a0 00 02 00 00 00 00 00 01 00 00 00").expectTransfer(8 + 3 * 8);
        unit.run("a0 00 03 00 00 00 00 00 01 00 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void lunsWithoutAUnit() {
        assertEquals(0x7F, send(9, "12 00 00 00 24 00").expectGood().data()[0]);
        send(9, "12 01 83 00 24 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        send(9, "00 00 00 00 00 00").expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        send(9, "28 00 00 00 00 00 00 00 01 00").expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        send(9, "a0 00 00 00 00 00 00 00 01 00 00 00").expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        assertEquals(0x25, send(9, "03 00 00 00 12 00").expectGood().data()[12]);
        unit.target.unmap(0);
        send(0, "a0 00 00 00 00 00 00 00 01 00 00 00").expectGood().expectTransfer(8);
        send(0, "2a 00 00 00 00 00 00 00 01 00").expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
    }

    @Test
    public void wellKnownUnit() {
        assertEquals(
                0x1E,
                sendWire(Lun.encodeReportLuns(), "12 00 00 00 24 00")
                        .expectGood()
                        .data()[0]);
        sendWire(Lun.encodeReportLuns(), "00 00 00 00 00 00").expectGood();
        sendWire(Lun.encodeReportLuns(), "a0 00 00 00 00 00 00 00 01 00 00 00").expectTransfer(16);
        sendWire(Lun.encodeReportLuns(), "28 00 00 00 00 00 00 00 01 00")
                .expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
    }

    private TestTask send(int lun, String cdb) {
        return sendWire(Lun.encode(lun), cdb);
    }

    private TestTask sendWire(long lun, String cdb) {
        return unit.send(new TestTask(unit.nexus, lun, HEX.parseHex(cdb), new byte[0], 4096));
    }

    @Test
    public void unitAttentionsComeOnceInOrderAndNotForInquiry() throws Exception {
        Nexus fresh = unit.open(5);
        unit.store.resize(4096);
        unit.unit.volume().setGeometry(unit.store.geometry());
        unit.run(fresh, "12 00 00 00 24 00").expectGood();
        unit.run(fresh, "a0 00 00 00 00 00 00 00 01 00 00 00").expectGood();
        unit.run(fresh, "28 00 00 00 00 00 00 00 01 00").expectSense(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        unit.run(fresh, "c0 00 00 00 00 00").expectSense(Sense.CAPACITY_DATA_HAS_CHANGED);
        unit.run(fresh, "28 00 00 00 00 00 00 00 01 00").expectGood();
        unit.testUnitReady().expectSense(Sense.CAPACITY_DATA_HAS_CHANGED);
    }

    @Test
    public void requestSenseReportsAUnitAttentionAndClearsIt() {
        Nexus fresh = unit.open(5);
        byte[] sense = unit.run(fresh, "03 00 00 00 fc 00")
                .expectGood()
                .expectTransfer(18)
                .data();
        assertEquals("70 00 06 00 00 00 00 0a 00 00 00 00 29 00", HEX.formatHex(sense, 0, 14));
        assertEquals(
                "72 00 00 00 00 00 00 00",
                HEX.formatHex(unit.run(fresh, "03 01 00 00 fc 00").data(), 0, 8));
        unit.detach();
        assertEquals(0x04, unit.run("03 00 00 00 fc 00").data()[12]);
    }

    @Test
    public void modeSense() {
        String recovery = "01 0a c0 00 00 00 00 00 00 00 00 00";
        String extension = "4a 01 00 1c 01" + " 00".repeat(27);
        String power = "1a 26" + " 00".repeat(38);
        String caching = "88 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
        String control = "8a 0a 00 10 00 00 00 00 ff ff 00 00";
        String exceptions = "1c 0a 08 00 00 00 00 00 00 00 00 00";
        String descriptor = "00 00 08 00 00 00 02 00";
        String[][] rows = {
            {"1a 08 08 00 ff 00", "17 00 10 00 " + caching},
            {"1a 00 08 00 ff 00", "1f 00 10 08 " + descriptor + " " + caching},
            {"1a 08 0a 00 ff 00", "0f 00 10 00 " + control},
            {"1a 08 1c 00 ff 00", "0f 00 10 00 " + exceptions},
            {"1a 08 01 00 ff 00", "0f 00 10 00 " + recovery},
            {"1a 08 0a 01 ff 00", "23 00 10 00 " + extension},
            {"1a 08 1a 00 ff 00", "2b 00 10 00 " + power},
            {"1a 08 3f 00 ff 00", "63 00 10 00 " + String.join(" ", recovery, caching, control, power, exceptions)},
            {
                "1a 08 3f ff ff 00",
                "83 00 10 00 " + String.join(" ", recovery, caching, control, extension, power, exceptions)
            },
            {"1a 08 4a 00 ff 00", "0f 00 10 00 8a 0a 04 16 38 40 00 00 00 00 00 00"},
            {"1a 08 48 00 ff 00", "17 00 10 00 88 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"},
            {"1a 08 88 00 ff 00", "17 00 10 00 " + caching},
            {"1a 08 c8 00 ff 00", "17 00 10 00 " + caching},
            {"5a 08 08 00 00 00 00 01 00 00", "00 1a 00 10 00 00 00 00 " + caching},
            {
                "5a 10 08 00 00 00 00 01 00 00",
                "00 2a 00 10 01 00 00 10 00 00 00 00 00 00 08 00 00 00 00 00 00 00 02 00 " + caching
            },
        };
        for (String[] row : rows) {
            byte[] expected = HEX.parseHex(row[1]);
            byte[] data = unit.run(row[0])
                    .expectGood()
                    .expectTransfer(expected.length)
                    .data();
            assertEquals(row[0], row[1], HEX.formatHex(data, 0, expected.length));
        }
        unit.run("1a 08 19 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB).expectField(2, 5);
        unit.run("1a 08 08 00 03 00").expectGood().expectTransfer(3);
    }

    @Test
    public void modeSenseShowsWriteProtection() {
        TestUnit readOnly = TestUnit.with(new UnitOptions(true, true, false));
        assertEquals((byte) 0x90, readOnly.run("1a 08 08 00 ff 00").data()[2]);
    }

    @Test
    public void modeSelectOfWriteCache() {
        Nexus other = unit.newNexus(2);
        unit.write("15 10 00 00 18 00", ModeTestData.caching("00")).expectGood();
        assertEquals("what the cache held is flushed", 1, unit.store.flushes);
        unit.write10(0, unit.pattern(1, 1)).expectGood();
        assertEquals(Durability.STABLE, unit.store.lastDurability);
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.MODE_PARAMETERS_CHANGED);
        unit.testUnitReady().expectGood();
        unit.write("15 10 00 00 18 00", ModeTestData.caching("00")).expectGood();
        unit.run(other, "00 00 00 00 00 00").expectGood();
    }

    /** There is no cache, whatever somebody has saved before or asks for. */
    @Test
    public void aWriteThroughUnitSaysSoAndStaysSo() {
        TestUnit through = TestUnit.with(new UnitOptions(true, false, false, true, 0, 0, true));
        for (String control : new String[] {"08", "48", "88", "c8"}) {
            byte[] page =
                    through.run("1a 08 " + control + " 00 ff 00").expectGood().data();
            assertEquals("page control " + control, 0, page[4 + 2] & 0x04);
        }
        through.write("15 11 00 00 18 00", ModeTestData.caching("04"))
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        through.write("15 11 00 00 18 00", ModeTestData.caching("00")).expectGood();
        through.write10(0, through.pattern(1, 1)).expectGood();
        assertEquals(Durability.STABLE, through.store.lastDurability);
        unit.write("15 11 00 00 18 00", ModeTestData.caching("04")).expectGood();
        assertEquals(0x04, unit.run("1a 08 08 00 ff 00").data()[4 + 2] & 0x04);
    }

    @Test
    public void modeSelectOfSenseFormatAndWriteProtection() {
        unit.write("15 10 00 00 10 00", ModeTestData.control("04", "08")).expectGood();
        TestTask refused = unit.write10(0, unit.pattern(1, 1));
        assertEquals("72 07 27 00", HEX.formatHex(refused.sense(), 0, 4));
        unit.write("15 10 00 00 10 00", ModeTestData.control("00", "00")).expectGood();
        unit.write10(0, unit.pattern(1, 1)).expectGood();
    }

    @Test
    public void modeSelectListsThatAreWrong() {
        unit.write("15 10 00 00 10 00", ModeTestData.control("01", "00"))
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        unit.write("15 00 00 00 10 00", ModeTestData.control("00", "00")).expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.write("15 10 00 00 03 00", new byte[3]).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        unit.write("15 10 00 00 0f 00", Arrays.copyOf(ModeTestData.control("00", "00"), 15))
                .expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        byte[] longPage = ModeTestData.control("00", "00");
        longPage[5] = 11;
        unit.write("15 10 00 00 10 00", longPage).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] unknown = ModeTestData.control("00", "00");
        unknown[4] = 0x19;
        unit.write("15 10 00 00 10 00", unknown).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] blockSize = HEX.parseHex("00 00 00 08 00 00 00 00 00 00 04 00");
        unit.write("15 10 00 00 0c 00", blockSize).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] sameBlockSize = HEX.parseHex("00 00 00 08 00 00 00 00 00 00 02 00");
        unit.write("15 10 00 00 0c 00", sameBlockSize).expectGood();
        unit.write("15 10 00 00 00 00", new byte[0]).expectGood();
    }

    @Test
    public void oneWrongPageChangesNoPage() {
        byte[] right = ModeTestData.control("04", "00");
        byte[] both = Arrays.copyOf(right, right.length + 12);
        both[right.length] = 0x1C;
        both[right.length + 1] = 0x0A;
        unit.write("15 10 00 00 1c 00", both).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        assertEquals(0, unit.run("1a 08 0a 00 ff 00").data()[6] & 0x04);
    }

    @Test
    public void supportedOperationCodes() {
        int rows = CommandTable.commands().rows().size();
        unit.run("a3 0c 00 00 00 00 00 00 ff ff 00 00").expectGood().expectTransfer(4 + rows * 8L);
        unit.run("a3 0c 80 00 00 00 00 00 ff ff 00 00").expectGood().expectTransfer(4 + rows * 20L);
        TestUnit thick = TestUnit.with(new UnitOptions(false, false, false));
        thick.run("a3 0c 00 00 00 00 00 00 ff ff 00 00").expectTransfer(4 + (rows - 3) * 8L);
        String read10 = "00 03 00 0a 28 1a ff ff ff ff 1f ff ff 00";
        byte[] one = unit.run("a3 0c 01 28 00 00 00 00 ff ff 00 00")
                .expectTransfer(14)
                .data();
        assertEquals(read10, HEX.formatHex(one, 0, 14));
        byte[] timed = unit.run("a3 0c 81 28 00 00 00 00 ff ff 00 00")
                .expectTransfer(26)
                .data();
        assertEquals("00 83 00 0a", HEX.formatHex(timed, 0, 4));
        byte[] action = unit.run("a3 0c 02 9e 00 10 00 00 ff ff 00 00")
                .expectTransfer(20)
                .data();
        assertEquals("00 03 00 10 9e 10", HEX.formatHex(action, 0, 6));
        assertEquals(
                "00 01 00 00",
                HEX.formatHex(unit.run("a3 0c 01 c0 00 00 00 00 ff ff 00 00").data(), 0, 4));
        assertEquals(
                "00 01 00 00",
                HEX.formatHex(unit.run("a3 0c 03 28 00 01 00 00 ff ff 00 00").data(), 0, 4));
        unit.run("a3 0c 01 9e 00 10 00 00 ff ff 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("a3 0c 02 28 00 00 00 00 ff ff 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("a3 0c 04 28 00 00 00 00 ff ff 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void ejectAndLoad() {
        TestUnit removable = TestUnit.with(new UnitOptions(true, false, true));
        Nexus other = removable.newNexus(2);
        removable.run("1b 00 00 00 02 00").expectGood();
        removable.testUnitReady().expectSense(Sense.MEDIUM_NOT_PRESENT);
        removable.run("1b 00 00 00 03 00").expectGood();
        removable.testUnitReady().expectGood();
        removable.run(other, "00 00 00 00 00 00").expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
        unit.run("1b 00 00 00 02 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void preventedRemoval() {
        TestUnit removable = TestUnit.with(new UnitOptions(true, false, true));
        Nexus other = removable.newNexus(2);
        removable.run(other, "1e 00 00 00 01 00").expectGood();
        removable.run("1b 00 00 00 02 00").expectSense(Sense.MEDIUM_REMOVAL_PREVENTED);
        removable.target.close(other);
        removable.run("1b 00 00 00 02 00").expectGood();
        removable.run("1e 00 00 00 02 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void stopFlushesAndStaysReady() {
        unit.run("1b 00 00 00 00 00").expectGood();
        assertEquals(1, unit.store.flushes);
        unit.testUnitReady().expectGood();
        unit.run("1b 00 00 00 04 00").expectGood();
        assertEquals(1, unit.store.flushes);
    }
}
