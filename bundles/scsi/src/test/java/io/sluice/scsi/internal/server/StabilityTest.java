package io.sluice.scsi.internal.server;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.scsi.ModeTestData;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.internal.command.Access;
import io.sluice.scsi.internal.command.CommandDescriptor;
import io.sluice.scsi.internal.tpc.CopyLists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** What GOOD status of each command that changes blocks means, with the write cache off and on. */
public class StabilityTest {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final String CACHE_OFF = "15 10 00 00 18 00";
    private static final String CACHE_OFF_SAVED = "15 11 00 00 18 00";
    private static final int WCE = 0x04;
    private static final String READ_FUA = "28 08 00 00 00 08 00 00 08 00";

    private final TestUnit unit = TestUnit.thin();

    /**
     * @param cdb without FUA
     * @param fua whether the CDB has that bit
     * @param alwaysStable whether it is stable whatever the cache does
     */
    private record Sample(String cdb, byte[] data, boolean fua, boolean alwaysStable) {}

    private static Sample plain(String cdb, byte[] data) {
        return new Sample(cdb, data, false, false);
    }

    private static Sample withFua(String cdb, byte[] data) {
        return new Sample(cdb, data, true, false);
    }

    private static Sample stable(String cdb, byte[] data) {
        return new Sample(cdb, data, false, true);
    }

    /** For each command, by its name, the ways in which it changes blocks. */
    private Map<String, List<Sample>> samples() {
        byte[] data = unit.pattern(8, 3);
        byte[] block = unit.pattern(1, 3);
        byte[] zeros = new byte[512];
        Map<String, List<Sample>> samples = new TreeMap<>();
        samples.put("WRITE(6)", List.of(plain("0a 00 00 08 08 00", data)));
        samples.put("WRITE(10)", List.of(withFua("2a 00 00 00 00 08 00 00 08 00", data)));
        samples.put("WRITE(12)", List.of(withFua("aa 00 00 00 00 08 00 00 00 08 00 00", data)));
        samples.put(
                "WRITE(16)",
                List.of(
                        withFua("8a 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", data),
                        withFua("8a 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", Arrays.copyOf(data, 700))));
        samples.put("WRITE AND VERIFY(10)", List.of(stable("2e 00 00 00 00 08 00 00 08 00", data)));
        samples.put("WRITE AND VERIFY(12)", List.of(stable("ae 00 00 00 00 08 00 00 00 08 00 00", data)));
        samples.put("WRITE AND VERIFY(16)", List.of(stable("8e 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", data)));
        samples.put(
                "WRITE SAME(10)",
                List.of(
                        plain("41 00 00 00 00 08 00 04 00 00", block),
                        plain("41 00 00 00 00 08 00 04 00 00", zeros),
                        plain("41 08 00 00 00 08 00 04 00 00", zeros)));
        samples.put(
                "WRITE SAME(16)",
                List.of(
                        plain("93 00 00 00 00 00 00 00 00 08 00 00 04 00 00 00", block),
                        plain("93 01 00 00 00 00 00 00 00 08 00 00 04 00 00 00", new byte[0]),
                        plain("93 09 00 00 00 00 00 00 00 08 00 00 04 00 00 00", new byte[0])));
        samples.put("UNMAP", List.of(plain("42 00 00 00 00 00 00 00 28 00", unmapList())));
        samples.put(
                "COMPARE AND WRITE",
                List.of(withFua("89 00 00 00 00 00 00 00 00 40 00 00 00 01 00 00", Arrays.copyOf(zeros, 1024))));
        samples.put("ORWRITE(16)", List.of(withFua("8b 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", data)));
        samples.put("WRITE ATOMIC(16)", List.of(stable("9c 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", data)));
        samples.put(
                "WRITE USING TOKEN", List.of(plain("83 11 00 00 00 00 00 00 00 2b 00 00 02 28 00 00", zeroToken())));
        byte[] copy = CopyLists.list(
                7, new byte[][] {CopyLists.target(TestUnit.IDENTITY)}, CopyLists.segment(0, 0, 8, 80, 160));
        samples.put(
                "EXTENDED COPY(LID1)",
                List.of(plain("83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(copy.length, 4) + " 00 00", copy)));
        samples.put("FORMAT UNIT", List.of(stable("04 00 00 00 00 00", new byte[0])));
        samples.put(
                "SANITIZE OVERWRITE", List.of(stable("48 01 00 00 00 00 00 00 05 00", HEX.parseHex("02 00 00 01 77"))));
        samples.put("SANITIZE BLOCK ERASE", List.of(stable("48 02 00 00 00 00 00 00 00 00", new byte[0])));
        samples.put("SANITIZE CRYPTOGRAPHIC ERASE", List.of(stable("48 03 00 00 00 00 00 00 00 00", new byte[0])));
        return samples;
    }

    private static byte[] unmapList() {
        byte[] list = new byte[40];
        CopyLists.put(list, 0, 2, 38);
        CopyLists.put(list, 2, 2, 32);
        CopyLists.put(list, 8, 8, 8);
        CopyLists.put(list, 16, 4, 8);
        CopyLists.put(list, 24, 8, 64);
        CopyLists.put(list, 32, 4, 8);
        return list;
    }

    private static byte[] zeroToken() {
        byte[] list = CopyLists.ranges(534, 8, 8);
        CopyLists.put(list, 16, 4, 0xFFFF_0001L);
        return list;
    }

    private static boolean changes(CommandDescriptor row) {
        return row.access() == Access.WRITE
                || row.name().startsWith("EXTENDED COPY")
                || row.name().startsWith("FORMAT")
                || row.name().startsWith("SANITIZE") && !row.name().contains("EXIT");
    }

    /** Whether everything that was changed was stable when the command was answered. */
    private static boolean isStable(List<String> calls) {
        boolean stable = true;
        for (String call : calls) {
            stable = call.equals("flush") || stable && call.endsWith("STABLE");
        }
        return stable;
    }

    private void expectStable(String name, Sample sample, String cdb) {
        unit.store.calls.clear();
        unit.write(cdb, sample.data()).await().expectGood();
        assertTrue(name + ": " + unit.store.calls, isStable(unit.store.calls));
        assertTrue(
                name + " has changed nothing", unit.store.calls.size() > (unit.store.calls.contains("flush") ? 1 : 0));
    }

    private static String setFua(String cdb) {
        byte[] bytes = HEX.parseHex(cdb);
        bytes[1] |= 0x08;
        return HEX.formatHex(bytes);
    }

    private void expectEachToBeStable() {
        Map<String, List<Sample>> samples = samples();
        for (CommandDescriptor row : CommandTable.commands().rows()) {
            if (changes(row)) {
                List<Sample> ways = samples.remove(row.name());
                assertNotNull(row.name() + " has no sample", ways);
                ways.forEach(way -> expectStable(row.name(), way, way.cdb()));
            }
        }
        assertEquals(Map.of(), samples);
    }

    @Test
    public void withTheCacheOffEveryChangeIsStable() {
        unit.write(CACHE_OFF, ModeTestData.caching("00")).expectGood();
        expectEachToBeStable();
    }

    @Test
    public void withTheCacheOffZerosThatAStoreMakesAreStable() {
        unit.detach().join();
        unit.store.enable(WriteZeroes.class);
        unit.attach();
        unit.write(CACHE_OFF, ModeTestData.caching("00")).expectGood();
        expectEachToBeStable();
        assertTrue(unit.store.zeroWrites > 0);
    }

    @Test
    public void withTheCacheOnWhatHasFuaSetOrIsAlwaysStableIs() {
        List<String> cached = new ArrayList<>();
        samples()
                .forEach((name, ways) -> ways.forEach(way -> {
                    if (way.fua()) {
                        expectStable(name, way, setFua(way.cdb()));
                    } else if (way.alwaysStable()) {
                        expectStable(name, way, way.cdb());
                    }
                    if (!way.alwaysStable()) {
                        unit.store.calls.clear();
                        unit.write(way.cdb(), way.data()).await().expectGood();
                        cached.add(isStable(unit.store.calls) ? name : "cached");
                    }
                }));
        cached.removeIf("cached"::equals);
        assertEquals("nothing waits for the disk without need", List.of(), cached);
    }

    /** Those whose stability is a flush are not answered before it has ended, and fail with it. */
    @Test
    public void theAnswerWaitsForTheFlush() {
        unit.write(CACHE_OFF, ModeTestData.caching("00")).expectGood();
        int flushed = 0;
        for (List<Sample> ways : samples().values()) {
            for (Sample way : ways) {
                unit.store.calls.clear();
                CompletableFuture<Void> flushing = unit.store.holdNextFlush();
                TestTask task = unit.write(way.cdb(), way.data());
                if (!way.cdb().startsWith("83") && unit.store.calls.contains("flush")) {
                    task.expectRunning();
                    flushed++;
                }
                flushing.complete(null);
                task.await().expectGood();
            }
        }
        assertTrue("flushed " + flushed, flushed >= 9);
    }

    @Test
    public void whatSwitchesTheCacheOffWaitsForWritesThatAreUnderWay() {
        TestTask late = unit.send(unit.task(unit.nexus, "2a 00 00 00 00 08 00 00 08 00", unit.pattern(8, 1), 0)
                .holdData());
        CompletableFuture<Void> writing = unit.store.holdNext();
        TestTask write = unit.write10(16, unit.pattern(8, 1)).expectRunning();
        TestTask select = unit.write(CACHE_OFF, ModeTestData.caching("00")).expectRunning();
        assertEquals(List.of("write CACHED"), unit.store.calls);
        writing.complete(null);
        write.expectGood();
        select.expectGood();
        assertEquals(List.of("write CACHED", "flush"), unit.store.calls);
        late.deliver();
        late.expectGood();
        assertEquals(List.of("write CACHED", "flush", "write STABLE"), unit.store.calls);
    }

    @Test
    public void aSwitchThatIsRefusedChangesNothingAndItsSecondTryFlushes() {
        unit.write10(8, unit.pattern(8, 1)).expectGood();
        unit.state.failing = true;
        unit.write(CACHE_OFF_SAVED, ModeTestData.caching("00")).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        assertEquals(WCE, caching());
        unit.run(unit.newNexus(2), "00 00 00 00 00 00").expectGood();
        unit.state.failing = false;
        assertEquals(List.of("write CACHED"), unit.store.calls);
        unit.write(CACHE_OFF_SAVED, ModeTestData.caching("00")).expectGood();
        assertEquals(0, caching());
        assertEquals(List.of("write CACHED", "flush"), unit.store.calls);
    }

    @Test
    public void aSwitchThatIsAbortedStillFlushesAndSoDoesItsSecondTry() {
        unit.write10(8, unit.pattern(8, 1)).expectGood();
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask aborted =
                unit.write(CACHE_OFF_SAVED, ModeTestData.caching("00")).expectRunning();
        unit.target.manage(TaskManagementFunction.ABORT_TASK, unit.nexus, 0, aborted);
        saving.complete(null);
        assertEquals(0, caching());
        assertEquals(List.of("write CACHED", "flush"), unit.store.calls);
        unit.write(CACHE_OFF_SAVED, ModeTestData.caching("00")).expectGood();
        assertEquals(List.of("write CACHED", "flush", "flush"), unit.store.calls);
    }

    @Test
    public void aResetThatSwitchesTheCacheOffIsOverWhenWhatItHeldIsStable() throws Exception {
        unit.write(CACHE_OFF_SAVED, ModeTestData.caching("00")).expectGood();
        unit.write(CACHE_OFF, ModeTestData.caching("04")).expectGood();
        unit.write10(8, unit.pattern(8, 1)).expectGood();
        unit.store.calls.clear();
        CompletableFuture<Void> flushing = unit.store.holdNextFlush();
        CompletableFuture<TaskManagementResponse> reset = unit.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, 0, null)
                .toCompletableFuture();
        assertFalse(reset.isDone());
        assertEquals(List.of("flush"), unit.store.calls);
        flushing.complete(null);
        assertEquals(TaskManagementResponse.FUNCTION_COMPLETE, reset.get(30, TimeUnit.SECONDS));
        unit.testUnitReady().expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        assertEquals(0, caching());
    }

    private int caching() {
        return unit.run("1a 08 08 00 ff 00").data()[4 + 2] & WCE;
    }

    @Test
    public void aReadWithFuaFlushesWhatIsNewer() {
        unit.run(READ_FUA).expectGood();
        assertEquals(List.of(), unit.store.calls);
        for (String read : new String[] {
            READ_FUA,
            "a8 08 00 00 00 08 00 00 00 08 00 00",
            "88 08 00 00 00 00 00 00 00 08 00 00 00 08 00 00",
            "2f 00 00 00 00 08 00 00 08 00",
            "8f 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00"
        }) {
            unit.write10(8, unit.pattern(8, 1)).expectGood();
            unit.store.calls.clear();
            CompletableFuture<Void> flushing = unit.store.holdNextFlush();
            TestTask task = unit.run(read).expectRunning();
            flushing.complete(null);
            task.expectGood();
            unit.run(read).expectGood();
            assertEquals("once", List.of("flush"), unit.store.calls);
        }
        unit.write10(8, unit.pattern(8, 1)).expectGood();
        unit.store.calls.clear();
        unit.read10(8, 8).expectGood();
        unit.run("28 10 00 00 00 08 00 00 08 00").expectGood();
        assertEquals("without FUA there is no flush", List.of(), unit.store.calls);
        unit.write("2f 02 00 00 00 08 00 00 08 00", unit.pattern(8, 1)).expectGood();
        assertEquals("what is compared is on the medium", List.of("flush"), unit.store.calls);
    }

    @Test
    public void afterAFlushHasFailedOnlyPlainReadsAreGood() {
        unit.write10(8, unit.pattern(8, 1)).expectGood();
        CompletableFuture<Void> flushing = unit.store.holdNextFlush();
        flushing.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        unit.run("35 00 00 00 00 00 00 00 00 00").expectSense(Sense.WRITE_ERROR);
        unit.read10(8, 8).expectGood();
        unit.run(READ_FUA).expectSense(Sense.WRITE_ERROR);
        unit.run("35 00 00 00 00 00 00 00 00 00").expectSense(Sense.WRITE_ERROR);
        unit.run("35 02 00 00 00 00 00 00 00 00").expectSense(Sense.WRITE_ERROR);
        unit.store.calls.clear();
        samples().forEach((name, ways) -> {
            if (!name.startsWith("FORMAT") && !name.startsWith("SANITIZE")) {
                ways.forEach(way -> assertEquals(
                        name,
                        2,
                        unit.write(way.cdb(), way.data()).await().status().code()));
            }
        });
        assertEquals("the store is asked for nothing any more", List.of(), unit.store.calls);
        unit.unit.volume().trust();
        unit.detach().join();
        unit.attach();
        unit.run("03 00 00 00 fc 00").expectGood();
        unit.write10(8, unit.pattern(8, 1)).expectGood();
        unit.run("35 00 00 00 00 00 00 00 00 00").expectGood();
    }
}
