package io.sluice.scsi.internal.tpc;

import static io.sluice.scsi.internal.tpc.CopyLists.list;
import static io.sluice.scsi.internal.tpc.CopyLists.put;
import static io.sluice.scsi.internal.tpc.CopyLists.ranges;
import static io.sluice.scsi.internal.tpc.CopyLists.segment;
import static io.sluice.scsi.internal.tpc.CopyLists.target;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.target.CopyDomain;
import io.sluice.scsi.target.LogicalUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Test;

public class CopyTest {

    private static final UnitIdentity SECOND = new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f80a", "second");
    private static final int BLOCKS = 8192;
    private static final int IMMED = 0x01;
    private static final int IN_PROGRESS = 0x10;

    /** Bytes 2 to 4 of the Control mode page. */
    private static final String QERR_ALL = "00 12 00";

    private static final String QERR_ALL_AND_SWP = "00 12 08";

    private final TestUnit unit = TestUnit.with(new BlockGeometry(BLOCKS, 512));
    private final HeapBackstore secondStore = new HeapBackstore(new BlockGeometry(BLOCKS, 512));
    private final byte[] data = unit.pattern(BLOCKS, 3);

    @Before
    public void mapASecondUnit() throws Exception {
        LogicalUnit second = new LogicalUnit(
                TestUnit.volume("second", secondStore.geometry()),
                SECOND,
                new UnitOptions(true, false, false),
                UnitStateStore.NONE,
                UnitState.NEW,
                unit.copyDomain);
        second.volume().attach(secondStore).toCompletableFuture().join();
        unit.target.map(1, second, false);
        unit.run("03 00 00 00 ff 00").expectGood();
        unit.write10(0, data).expectGood();
    }

    private TestTask copy(byte[] list) {
        return unit.write("83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 4) + " 00 00", list);
    }

    private static final byte[][] BOTH = {target(TestUnit.IDENTITY), target(SECOND)};

    @Test
    public void withoutMemoryACopyIsToComeAgain() {
        byte[] list = list(7, BOTH, segment(0, 1, 4, 10, 100));
        String cdb = "83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 4) + " 00 00";
        unit.send(unit.task(unit.nexus, cdb, list, 0).poor()).expectStatus(Status.BUSY);
        copy(list).await().expectGood();
    }

    @Test
    public void blocksAreCopiedBetweenUnits() {
        copy(list(7, BOTH, segment(0, 1, 5000, 10, 100), segment(1, 0, 4, 100, 8000)))
                .await()
                .expectGood();
        assertArrayEquals(unit.store.bytes(10, 5000), secondStore.bytes(100, 5000));
        assertArrayEquals(Arrays.copyOfRange(data, 10 * 512, 14 * 512), unit.store.bytes(8000, 4));
        byte[] status = unit.run("84 00 07 00 00 00 00 00 00 00 00 00 00 0c 00 00")
                .expectGood()
                .data();
        assertEquals(
                "00 00 00 08 01 00 02 01 00 00 09 c6",
                HexFormat.ofDelimiter(" ").formatHex(status, 0, 12));
        unit.run("84 00 08 00 00 00 00 00 00 00 00 00 00 0c 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void aCopyIsHeldToWhatTheInitiatorIs() {
        unit.run("84 03 00 00 00 00 00 00 00 00 00 00 00 ff 00 00").expectGood().expectTransfer(46);
        Nexus other = unit.newNexusDuring(2);
        reserve(other, 1);
        copy(list(1, BOTH, segment(0, 1, 1, 0, 0))).await().expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        assertArrayEquals(new byte[512], secondStore.bytes(0, 1));
    }

    private void reserve(Nexus nexus, int lun) {
        TestTask sense = new TestTask(
                nexus, (long) lun << 48, HexFormat.ofDelimiter(" ").parseHex("03 00 00 00 ff 00"), new byte[0], 255);
        unit.send(sense).expectGood();
        TestTask reserve = new TestTask(
                nexus, (long) lun << 48, HexFormat.ofDelimiter(" ").parseHex("16 00 00 00 00 00"), new byte[0], 0);
        unit.send(reserve).expectGood();
    }

    @Test
    public void listsThatAreWrong() {
        byte[][] one = {BOTH[0]};
        copy(list(1, one, segment(0, 1, 1, 0, 0))).expectSense(Sense.UNREACHABLE_COPY_TARGET);
        copy(list(1, one, segment(0, 0, 2, 0, BLOCKS - 1))).expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        copy(list(1, one, segment(0, 0, 2, Long.MIN_VALUE, 0))).expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        byte[] stranger = target(new UnitIdentity("6fffffffffffffffffffffffffffffff", "x"));
        copy(list(1, new byte[][] {stranger}, segment(0, 0, 1, 0, 1)))
                .expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        byte[] fibreChannel = BOTH[0].clone();
        fibreChannel[0] = (byte) 0xE0;
        copy(list(1, new byte[][] {fibreChannel}, segment(0, 0, 1, 0, 1)))
                .expectSense(Sense.UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE);
        byte[] stream = segment(0, 0, 1, 0, 1);
        stream[0] = 3;
        copy(list(1, one, stream)).expectSense(Sense.UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE);
        byte[][] many = new byte[17][];
        Arrays.fill(many, BOTH[0]);
        copy(list(1, many, segment(0, 0, 1, 0, 1))).expectSense(Sense.TOO_MANY_TARGET_DESCRIPTORS);
        byte[] lengthy = list(1, one, segment(0, 0, 1, 0, 1));
        copy(Arrays.copyOf(lengthy, lengthy.length - 1)).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        copy(new byte[0]).expectGood();
        assertArrayEquals(data, unit.store.bytes(0, BLOCKS));
    }

    private void control(String page) {
        byte[] list = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a " + page + " 00 00 00 ff ff 00 00");
        unit.write("15 10 00 00 10 00", list).expectGood();
    }

    @Test(timeout = 60_000)
    public void aCopyThatFailsIsNotAbortedByItsOwnPart() {
        control(QERR_ALL);
        CompletableFuture<Void> held = secondStore.holdNext();
        TestTask task = copy(list(1, BOTH, segment(1, 0, 1, 0, 0))).expectRunning();
        while (secondStore.reads == 0) {
            Thread.onSpinWait();
        }
        control(QERR_ALL_AND_SWP);
        held.complete(null);
        task.await().expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
    }

    @Test(timeout = 60_000)
    public void aCopyThatFailsAbortsTheOthersThatQerrNames() {
        control(QERR_ALL);
        byte[] token = token(10, 100);
        int before = unit.store.reads;
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = write(0, token, 0, 200, 100).expectRunning();
        while (unit.store.reads == before) {
            Thread.onSpinWait();
        }
        TestTask other = unit.send(unit.task(unit.nexus, "2a 00 00 00 00 00 00 00 01 00", new byte[512], 0)
                .holdData());
        control(QERR_ALL_AND_SWP);
        held.complete(null);
        task.await().expectSense(Sense.WRITE_PROTECTED);
        other.await().expectAborted();
    }

    @Test(timeout = 60_000)
    public void anAbortedCopyStops() {
        CompletableFuture<Void> held = secondStore.holdNext();
        TestTask task = copy(list(1, BOTH, segment(0, 1, 8000, 0, 0))).expectRunning();
        while (secondStore.lastWriter == null) {
            Thread.onSpinWait();
        }
        unit.target.close(unit.nexus);
        held.complete(null);
        task.await().expectAborted();
        assertArrayEquals(new byte[512], secondStore.bytes(7999, 1));
    }

    private byte[] token(long... lbaAndBlocks) {
        byte[] list = ranges(14, lbaAndBlocks);
        unit.write("83 10 00 00 00 00 00 00 00 2a " + TestUnit.hex(list.length, 4) + " 00 00", list)
                .expectGood();
        byte[] information = unit.run("84 07 00 00 00 2a 00 00 00 00 00 00 02 26 00 00")
                .expectGood()
                .expectTransfer(36 + 514)
                .data();
        assertEquals(0x10, information[4]);
        assertEquals(0x01, information[5]);
        return Arrays.copyOfRange(information, 38, 38 + 512);
    }

    private TestTask write(int lun, byte[] token, long offset, long... lbaAndBlocks) {
        return write(lun, 0, token, offset, lbaAndBlocks);
    }

    private TestTask write(int lun, int flags, byte[] token, long offset, long... lbaAndBlocks) {
        byte[] list = ranges(534, lbaAndBlocks);
        list[2] = (byte) flags;
        put(list, 8, 8, offset);
        System.arraycopy(token, 0, list, 16, 512);
        String cdb = "83 11 00 00 00 00 00 00 00 2b " + TestUnit.hex(list.length, 4) + " 00 00";
        TestTask task = new TestTask(
                unit.nexus, (long) lun << 48, HexFormat.ofDelimiter(" ").parseHex(cdb), list, 0);
        return unit.send(task);
    }

    @Test
    public void aTokenCarriesDataToAnotherUnit() {
        clearAttention();
        byte[] token = token(10, 3000, 5000, 100);
        write(1, token, 0, 50, 1000, 4000, 2100).await().expectGood();
        assertArrayEquals(Arrays.copyOfRange(data, 10 * 512, 1010 * 512), secondStore.bytes(50, 1000));
        assertArrayEquals(Arrays.copyOfRange(data, 1010 * 512, 3010 * 512), secondStore.bytes(4000, 2000));
        assertArrayEquals(Arrays.copyOfRange(data, 5000 * 512, 5100 * 512), secondStore.bytes(6000, 100));
        write(1, token, 2999, 0, 2).await().expectGood();
        assertArrayEquals(Arrays.copyOfRange(data, 3009 * 512, 3010 * 512), secondStore.bytes(0, 1));
        assertArrayEquals(Arrays.copyOfRange(data, 5000 * 512, 5001 * 512), secondStore.bytes(1, 1));
    }

    private void clearAttention() {
        TestTask sense = new TestTask(
                unit.nexus, 1L << 48, HexFormat.ofDelimiter(" ").parseHex("03 00 00 00 ff 00"), new byte[0], 255);
        unit.send(sense).expectGood();
    }

    @Test(timeout = 60_000)
    public void theFailureOfACopyThatGoesOnWithoutItsCommandIsTold() {
        clearAttention();
        byte[] token = token(10, 3000);
        CompletableFuture<Void> held = copyWhoseReadIsHeld(token);
        unit.write10(2000, new byte[512]).expectGood();
        held.complete(null);
        byte[] information = information();
        while (information[5] == IN_PROGRESS) {
            information = information();
        }
        assertEquals("completed with errors", 0x02, information[5]);
        assertEquals(Status.CHECK_CONDITION.code(), information[12]);
        assertEquals("length of sense data", 18, information[14]);
        assertEquals(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED.key().code(), information[32 + 2]);
        assertEquals(0x23, information[32 + 12]);
        assertEquals(0x06, information[32 + 13]);
        assertEquals("all of it is there", information.length, 4 + information[3]);
        assertEquals("no token", 32 + 18 + 4, information.length);
    }

    private byte[] information() {
        return unit.send(new TestTask(
                        unit.nexus,
                        1L << 48,
                        HexFormat.ofDelimiter(" ").parseHex("84 07 00 00 00 2b 00 00 00 00 00 00 00 ff 00 00"),
                        new byte[0],
                        255))
                .expectGood()
                .data();
    }

    /** Begins a copy to the second unit whose command ends at once; returns what its first read waits for. */
    private CompletableFuture<Void> copyWhoseReadIsHeld(byte[] token) {
        int before = unit.store.reads;
        CompletableFuture<Void> held = unit.store.holdNext();
        write(1, IMMED, token, 0, 100, 3000).expectGood();
        while (unit.store.reads == before) {
            Thread.onSpinWait();
        }
        return held;
    }

    @Test(timeout = 60_000)
    public void aResetEndsACopyThatGoesOnWithoutItsCommand() {
        clearAttention();
        byte[] token = token(10, 3000);
        CompletableFuture<Void> held = copyWhoseReadIsHeld(token);
        CompletableFuture<TaskManagementResponse> reset = unit.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, 1L << 48, null)
                .toCompletableFuture();
        assertEquals("the source may never answer", TaskManagementResponse.FUNCTION_COMPLETE, reset.join());
        held.complete(null);
        clearAttention();
        while (information()[5] == IN_PROGRESS) {
            Thread.onSpinWait();
        }
        assertArrayEquals(new byte[BLOCKS * 512], secondStore.bytes(0, BLOCKS));
    }

    @Test(timeout = 60_000)
    public void aResetWaitsForWhatACopyIsWriting() {
        clearAttention();
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) 0x5A);
        unit.write10(10, data).expectGood();
        byte[] token = token(10, 3000);
        CompletableFuture<Void> held = secondStore.holdNext();
        write(1, IMMED, token, 0, 100, 3000).expectGood();
        while (secondStore.bytes(100, 1)[0] == 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<TaskManagementResponse> reset = unit.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, 1L << 48, null)
                .toCompletableFuture();
        assertFalse("the write has not ended", reset.isDone());
        held.complete(null);
        assertEquals(TaskManagementResponse.FUNCTION_COMPLETE, reset.join());
    }

    @Test
    public void aWriteToTheSourceRevokesTheToken() {
        clearAttention();
        byte[] token = token(10, 100);
        unit.write10(110, new byte[512]).expectGood();
        write(1, token, 0, 0, 100).await().expectGood();
        unit.write10(109, new byte[512]).expectGood();
        write(1, token, 0, 0, 100).await().expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED);
    }

    @Test
    public void aTokenEndsWithTheMappingThatItWasMadeThrough() {
        clearAttention();
        byte[] token = token(10, 100);
        unit.target.unmap(0).toCompletableFuture().join();
        clearAttention();
        write(1, token, 0, 0, 100).await().expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED);
        assertArrayEquals(new byte[512], secondStore.bytes(0, 1));
    }

    @Test
    public void forgedTokensAreRefused() {
        clearAttention();
        byte[] token = token(10, 100);
        write(1, new byte[512], 0, 0, 1).await().expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN);
        byte[] forged = token.clone();
        forged[140] ^= 1;
        write(1, forged, 0, 0, 1).await().expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_CORRUPT);
        write(1, token, 101, 0, 1).await().expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        assertFalse(Arrays.equals(token, token(10, 100)));
    }

    @Test
    public void whoMakesTokensWithoutEndLosesItsOwn() {
        clearAttention();
        byte[] others = token(10, 100);
        Nexus greedy = unit.open("iqn.2026-11.io.sluice:greedy", 9);
        unit.run(greedy, "00 00 00 00 00 00");
        byte[] list = ranges(14, 20, 1);
        String cdb = "83 10 00 00 00 00 00 00 00 2a " + TestUnit.hex(list.length, 4) + " 00 00";
        for (int i = 0; i < 5000; i++) {
            unit.write(greedy, cdb, list).expectGood();
        }
        write(1, others, 0, 0, 100).await().expectGood();
    }

    @Test
    public void theZeroTokenWritesZeros() {
        byte[] zero = new byte[512];
        put(zero, 0, 4, 0xFFFF_0001L);
        write(0, zero, 0, 5, 1000).await().expectGood();
        assertArrayEquals(new byte[1000 * 512], unit.store.bytes(5, 1000));
        assertArrayEquals(Arrays.copyOf(data, 5 * 512), unit.store.bytes(0, 5));
    }

    @Test
    public void overlappingRangesAreRefused() {
        byte[] list = ranges(14, 0, 10, 9, 10);
        unit.write("83 10 00 00 00 00 00 00 00 2a " + TestUnit.hex(list.length, 4) + " 00 00", list)
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    @Test
    public void theFailureOfADestinationIsPassedOn() {
        clearAttention();
        byte[] token = token(10, 100);
        CompletableFuture<Void> held = secondStore.holdNext();
        TestTask task = write(1, token, 0, 0, 100).expectRunning();
        held.completeExceptionally(new BackstoreException(Fault.OUT_OF_SPACE, "on purpose"));
        task.await().expectStatus(Status.CHECK_CONDITION).expectSense(Sense.SPACE_ALLOCATION_FAILED_WRITE_PROTECT);
    }

    @Test
    public void domainsDoNotKnowEachOthersTokens() throws Exception {
        clearAttention();
        byte[] token = token(10, 100);
        HeapBackstore store = new HeapBackstore(new BlockGeometry(BLOCKS, 512));
        LogicalUnit elsewhere = new LogicalUnit(
                TestUnit.volume("elsewhere", store.geometry()),
                new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f80b", "third"),
                new UnitOptions(true, false, false),
                UnitStateStore.NONE,
                UnitState.NEW,
                new CopyDomain());
        elsewhere.volume().attach(store).toCompletableFuture().join();
        unit.target.map(2, elsewhere, false);
        TestTask sense = new TestTask(
                unit.nexus, 2L << 48, HexFormat.ofDelimiter(" ").parseHex("03 00 00 00 ff 00"), new byte[0], 255);
        unit.send(sense).expectGood();
        write(2, token, 0, 0, 1).await().expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN);
    }

    @Test
    public void aCopyIsNotOnTheThreadThatBringsItsCommand() {
        copy(list(7, BOTH, segment(0, 1, 8000, 0, 0))).await().expectGood();
        assertNotEquals(Thread.currentThread(), secondStore.lastWriter);
    }
}
