package io.sluice.scsi.internal.spc;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.config.AccessState;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.Test;

public class ManagementCommandsTest {

    private static final String REPORT_GROUPS = "a3 0a 00 00 00 00 00 00 00 ff 00 00";

    private TestUnit unit = TestUnit.thin();

    private String hex(String cdb, int length) {
        return HexFormat.ofDelimiter(" ")
                .formatHex(unit.run(cdb).expectGood().expectTransfer(length).data(), 0, length);
    }

    @Test
    public void echoBuffer() {
        unit.run("3c 0a 00 00 00 00 00 00 04 00").expectSense(Sense.COMMAND_SEQUENCE_ERROR);
        assertEquals("00 00 10 00", hex("3c 0b 00 00 00 00 00 00 04 00", 4));
        byte[] data = unit.pattern(1, 4);
        unit.write("3b 0a 00 00 00 00 00 02 00 00", data).expectGood();
        byte[] back = unit.run("3c 0a 00 00 00 00 00 02 00 00").expectGood().data();
        assertArrayEquals(data, Arrays.copyOf(back, 512));
        Nexus other = unit.newNexus(2);
        unit.run(other, "3c 0a 00 00 00 00 00 00 04 00").expectSense(Sense.COMMAND_SEQUENCE_ERROR);
        unit.write("3b 0a 00 00 00 00 00 10 01 00", new byte[4097]).expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.write("3b 05 00 00 00 00 00 00 04 00", new byte[4]).expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void selfTests() {
        unit.run("1d 04 00 00 00 00").expectGood();
        unit.run("1d 20 00 00 00 00").expectGood();
        unit.run("1d 60 00 00 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("1d 24 00 00 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.write("1d 10 00 00 04 00", new byte[4]).expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.detach();
        unit.run("1d 04 00 00 00 00").expectSense(Sense.LOGICAL_UNIT_NOT_READY);
    }

    @Test
    public void logPages() {
        assertEquals("00 00 00 04 00 0d 19 2f", hex("4d 00 40 00 00 00 00 00 ff 00", 8));
        assertEquals("40 ff 00 0a 00 00 00 ff 0d 00 19 00 2f 00", hex("4d 00 40 ff 00 00 00 00 ff 00", 14));
        unit.write10(0, unit.pattern(4, 1)).expectGood();
        unit.read10(0, 2).expectGood();
        unit.read10(0, 1).expectGood();
        assertEquals(
                "19 00 00 44 00 01 03 40 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00 01"
                        + " 00 00 00 00 00 00 00 04 00 00 00 00 00 00 00 03"
                        + " 00".repeat(32),
                hex("4d 00 59 00 00 00 00 00 ff 00", 72));
        unit.run("4d 01 40 00 00 00 00 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("4d 00 4e 00 00 00 00 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("4d 00 40 00 00 00 01 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("4d 00 4c 00 00 00 00 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void logPagesThatWindowsAsksFor() {
        assertEquals("0d 00 00 06 00 00 03 02 00 ff", hex("4d 00 4d 00 00 00 00 00 ff 00", 10));
        assertEquals("2f 00 00 08 00 00 03 04 00 00 ff 00", hex("4d 00 6f 00 00 00 00 00 ff 00", 12));
    }

    @Test
    public void provisioningLogPage() {
        unit.store.enable(AllocatedSpace.class);
        unit.store.allocated = (5 << 20) + 1;
        assertEquals("0c 00 00 0c 00 02 03 08 00 00 00 06 01 00 00 00", hex("4d 00 4c 00 00 00 00 00 ff 00", 16));
        assertEquals("00 00 00 05 00 0c 0d 19 2f", hex("4d 00 40 00 00 00 00 00 ff 00", 9));
    }

    @Test
    public void softThreshold() {
        unit = TestUnit.with(new UnitOptions(true, false, false, true, 50, 0));
        unit.store.enable(AllocatedSpace.class);
        assertEquals("00 b2 00 04 0b e4 02 00", hex("12 01 b2 00 ff 00", 8));
        Nexus watching = unit.newNexus(2);
        long size = 2048 * 512;
        unit.store.allocated = size / 2 - 1;
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectGood();
        unit.store.allocated = size / 2;
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectSense(Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectGood();
        unit.store.allocated = 0;
        write4MiB();
        unit.store.allocated = size;
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectSense(Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
    }

    @Test
    public void softThresholdReachedByWriteSame() {
        byte[] ones = new byte[512];
        ones[0] = 1;
        for (boolean zeros : new boolean[] {false, true}) {
            unit = TestUnit.with(new UnitOptions(true, false, false, true, 50, 0));
            unit.store.enable(AllocatedSpace.class);
            unit.store.enable(WriteZeroes.class);
            unit.detach().join();
            unit.attach();
            Nexus watching = unit.newNexus(2);
            write4MiB();
            unit.store.allocated = 2048 * 512;
            unit.run(watching, "00 00 00 00 00 00").expectGood();
            unit.write("41 00 00 00 00 00 00 08 00 00", zeros ? new byte[512] : ones)
                    .expectGood();
            unit.run(watching, "00 00 00 00 00 00").expectSense(Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
        }
    }

    /** Of 1 MiB the disk has a quarter, and can have no more than half because others fill its file system. */
    @Test
    public void softThresholdOfAFullFileSystem() {
        unit = TestUnit.with(new UnitOptions(true, false, false, true, 80, 0));
        unit.store.enable(AllocatedSpace.class);
        unit.store.enable(FreeSpace.class);
        Nexus watching = unit.newNexus(2);
        unit.store.allocated = 256 << 10;
        unit.store.free = 256 << 10;
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectGood();
        assertEquals("", unit.unit.spaceProblem());
        unit.store.free = 64 << 10;
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectSense(Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
        assertEquals(
                "it takes 80 % of the space that it can have where it is kept: make room there (its threshold is 80 %)",
                unit.unit.spaceProblem());
        for (int free : new int[] {66 << 10, 60 << 10, 66 << 10, 0}) {
            unit.store.free = free;
            write4MiB();
            unit.run(watching, "00 00 00 00 00 00").expectGood();
        }
        unit.store.free = Long.MAX_VALUE;
        unit.unit.spaceProblem();
        assertEquals("whoever looks has it looked at", "", unit.unit.spaceProblem());
        unit.store.free = 0;
        write4MiB();
        unit.run(watching, "00 00 00 00 00 00").expectSense(Sense.THIN_PROVISIONING_SOFT_THRESHOLD_REACHED);
    }

    /** The space is looked at after every 4 MiB. */
    private void write4MiB() {
        for (int i = 0; i < 4; i++) {
            unit.send(unit.task(unit.nexus, "2a 00 00 00 00 00 00 08 00 00", new byte[1 << 20], 0));
        }
    }

    @Test
    public void identifyingInformation() {
        Nexus other = unit.newNexus(2);
        assertEquals("00 00 00 00", hex("a3 05 00 00 00 00 00 00 00 ff 00 00", 4));
        assertEquals("00 00 00 08 00 00 02 00 04 00 01 00", hex("a3 05 00 00 00 00 00 00 00 ff fe 00", 12));
        byte[] text = "database, shelf 3".getBytes(StandardCharsets.UTF_8);
        unit.write("a4 06 00 00 00 00 00 00 00 11 04 00", text).expectGood();
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.IDENTIFYING_INFORMATION_CHANGED);
        unit = unit.restarted();
        assertEquals(
                "00 00 00 11 " + HexFormat.ofDelimiter(" ").formatHex(text),
                hex("a3 05 00 00 00 00 00 00 00 ff 04 00", 21));
        unit.write("a4 06 00 00 00 00 00 00 01 01 04 00", new byte[257]).expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("a4 06 00 00 00 00 00 00 00 00 02 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("a4 06 00 00 00 00 00 00 00 00 04 00").expectGood();
        assertEquals("00 00 00 00", hex("a3 05 00 00 00 00 00 00 00 ff 04 00", 4));
    }

    @Test
    public void taskManagementFunctions() {
        assertEquals("d8 00 00 00", hex("a3 0d 00 00 00 00 00 00 00 ff 00 00", 4));
        assertEquals("d8 00 00 0c" + " 00".repeat(12), hex("a3 0d 80 00 00 00 00 00 00 ff 00 00", 16));
    }

    @Test
    public void targetPortGroups() {
        assertEquals("00 00 00 0c 00 0f 00 01 00 00 00 01 00 00 00 01", hex(REPORT_GROUPS, 16));
        assertEquals(
                "00 00 00 10 10 00 00 00 00 0f 00 01 00 00 00 01 00 00 00 01",
                hex("a3 2a 00 00 00 00 00 00 00 ff 00 00", 20));
        setState(AccessState.STANDBY);
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        assertEquals("02 0f 00 01 00 02", hex(REPORT_GROUPS, 16).substring(12, 29));
        unit.testUnitReady().expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.read10(0, 1).expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.run("12 00 00 00 ff 00").expectGood();
        unit.run("1a 08 3f 00 ff 00").expectGood();
        unit.run("5e 00 00 00 00 00 00 00 ff 00").expectGood();
        unit.run("a0 00 00 00 00 00 00 00 00 ff 00 00").expectGood();
        setState(AccessState.UNAVAILABLE);
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        unit.read10(0, 1).expectSense(Sense.ACCESS_STATE_UNAVAILABLE);
    }

    private void setState(AccessState state) {
        unit.target.setPorts(List.of(new ScsiTarget.Port(1, 1, state)));
    }

    @Test
    public void setTargetPortGroups() {
        Nexus other = unit.newNexus(2);
        byte[] list = {0, 0, 0, 0, 1, 0, 0, 1};
        unit.write("a4 0a 00 00 00 00 00 00 00 08 00 00", list).expectGood();
        unit.testUnitReady().expectGood();
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        assertEquals("01 0f 00 01 00 01", hex(REPORT_GROUPS, 16).substring(12, 29));
        assertEquals(
                AccessState.ACTIVE_NON_OPTIMIZED, unit.target.ports().get(0).accessState());
        list[7] = 9;
        unit.write("a4 0a 00 00 00 00 00 00 00 08 00 00", list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        list[7] = 1;
        list[4] = 0x0E;
        unit.write("a4 0a 00 00 00 00 00 00 00 08 00 00", list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    @Test
    public void defectsThereAreNone() {
        assertEquals("00 1d 00 00", hex("37 00 1d 00 00 00 00 00 ff 00", 4));
        assertEquals("00 1d 00 00 00 00 00 00", hex("b7 1d 00 00 00 00 00 00 00 ff 00 00", 8));
        unit.run("37 00 07 00 00 00 00 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void lbaStatus() {
        assertEquals(
                "what the storage cannot tell is mapped",
                "00 00 00 14 00 00 00 00 00 00 00 00 00 00 00 05 00 00 07 fb 00 00 00 00",
                hex("9e 12 00 00 00 00 00 00 00 05 00 00 00 ff 00 00", 24));
        unit.store.enable(ExtentMap.class);
        unit.store.allocatedTo = 100;
        assertEquals(
                "00 00 00 24 00 00 00 00 00 00 00 00 00 00 00 05 00 00 00 5f 00 00 00 00"
                        + " 00 00 00 00 00 00 00 64 00 00 07 9c 01 00 00 00",
                hex("9e 12 00 00 00 00 00 00 00 05 00 00 00 ff 00 00", 40));
        unit.run("9e 12 00 00 00 00 00 00 00 05 00 00 00 18 00 00").expectGood().expectTransfer(24);
        unit.run("9e 12 00 00 00 00 00 00 08 00 00 00 00 ff 00 00").expectSense(Sense.LBA_OUT_OF_RANGE);
    }
}
