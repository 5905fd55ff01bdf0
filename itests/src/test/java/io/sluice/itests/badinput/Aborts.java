package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.itests.HangingFile;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Aborts and resets of commands in every state, also where the storage does not answer (RFC 7143 4.2.3, 11.5; SAM-5 7). */
final class Aborts {

    static final int ABORT_TASK = 1;
    static final int LOGICAL_UNIT_RESET = 5;

    private static final int COMPLETE = 0;
    private static final int NO_TASK = 1;
    private static final int REJECTED = 255;
    private static final int RESET_OCCURRED = 0x062903;

    private Aborts() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        107,
                        "ABORT TASK of a command that waits for its number, for data, for its turn, for storage, or has ended",
                        Aborts::everyState),
                new BadInput(
                        108,
                        "ABORT TASK, LOGICAL UNIT RESET and ABORT TASK of the same command: each is answered",
                        Aborts::abortResetAbort),
                new BadInput(
                        109,
                        "ten resets of a logical unit at once: each complete, one unit attention for each nexus",
                        Aborts::tenResets),
                new BadInput(
                        110,
                        "a reset while the storage does not answer: rejected, and it heals (RFC 7143 11.6.1)",
                        Aborts::resetOfAHungDisk));
    }

    private static RawPdu write(TestInitiator initiator, int lba, byte[] data) {
        return initiator
                .command(0, Cdb.write10(lba, data.length / World.BLOCK), data.length, 0)
                .data(data);
    }

    private static RawPdu unsent(TestInitiator initiator, int lba) {
        return initiator.command(0, Cdb.write10(lba, 8), 4096, 0);
    }

    private static void everyState(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            waitsForItsNumber(initiator, medium);
            waitsForData(initiator);
            waitsForItsTurn(initiator, medium);
            RawPdu done = write(initiator, 0, medium.block(0, 8));
            initiator.send(done);
            initiator.finish(done.taskTag(), null).expectGood();
            assertEquals(NO_TASK, initiator.taskManagement(ABORT_TASK, 0, done.taskTag(), done.int32(24)));
            Expect.serves(initiator);
        }
        medium.expectKnown();
        try (HangingFile file = Disk.storage(world);
                Disk disk = Disk.hanging(world, file);
                TestInitiator initiator = disk.login()) {
            waitsForStorage(file, initiator);
        }
    }

    private static void waitsForItsNumber(TestInitiator initiator, Medium medium) throws IOException {
        int missing = initiator.cmdSn();
        initiator.cmdSn(missing + 1);
        RawPdu early = write(initiator, 0, new byte[512]);
        RawPdu later = write(initiator, 8, medium.block(8, 1));
        initiator.send(early);
        initiator.send(later);
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, 0, early.taskTag(), early.int32(24)));
        initiator.cmdSn(missing);
        initiator.ping(new byte[4]);
        initiator.finish(later.taskTag(), null).expectGood();
        initiator.cmdSn(missing + 3);
        Expect.serves(initiator);
    }

    private static void waitsForData(TestInitiator initiator) throws IOException {
        RawPdu write = unsent(initiator, 0);
        initiator.send(write);
        int tag = initiator.expect(RawPdu.R2T).int32(20);
        assertEquals(
                "of another LUN",
                NO_TASK,
                initiator.taskManagement(ABORT_TASK, 1L << 48, write.taskTag(), write.int32(24)));
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, 0, write.taskTag(), write.int32(24)));
        initiator.send(initiator.dataOut(0, write.taskTag(), tag, 0, 0, new byte[4096], true));
        Expect.serves(initiator);
    }

    private static void waitsForItsTurn(TestInitiator initiator, Medium medium) throws IOException {
        RawPdu first = unsent(initiator, 0);
        initiator.send(first);
        int tag = initiator.expect(RawPdu.R2T).int32(20);
        RawPdu ordered = write(initiator, 0, new byte[512]).flags(0xA2);
        initiator.send(ordered);
        CommandNumbers.pingAtOnce(initiator);
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, 0, ordered.taskTag(), ordered.int32(24)));
        initiator.send(initiator.dataOut(0, first.taskTag(), tag, 0, 0, medium.block(0, 8), true));
        ScsiResult.of(initiator.receive()).expectGood();
        Expect.serves(initiator);
    }

    private static void waitsForStorage(HangingFile file, TestInitiator initiator) throws IOException {
        file.hang();
        RawPdu write = write(initiator, 0, new byte[4096]);
        initiator.send(write);
        RawPdu abort = initiator.taskManagementRequest(ABORT_TASK, 0, write.taskTag(), write.int32(24));
        initiator.send(abort);
        // It is not complete, and others are served.
        CommandNumbers.pingAtOnce(initiator);
        file.goOn();
        assertEquals(COMPLETE, initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        nothingComesLate(initiator, 8);
    }

    /** What is written now is what is read: nothing that was aborted gets over it. */
    static void nothingComesLate(TestInitiator initiator, int blocks) throws IOException {
        Disk.ready(initiator);
        byte[] data = new byte[blocks * World.BLOCK];
        Arrays.fill(data, (byte) 0x77);
        initiator.write10(0, 0, data, World.BLOCK);
        initiator.execute(0, Cdb.synchronizeCache10(), null, 0).expectGood();
        assertArrayEquals(data, initiator.read10(0, 0, blocks, World.BLOCK));
        Expect.serves(initiator);
    }

    private static void abortResetAbort(World world) throws IOException {
        try (HangingFile file = Disk.storage(world);
                Disk disk = Disk.hanging(world, file);
                TestInitiator initiator = disk.login()) {
            file.hang();
            RawPdu write = write(initiator, 0, new byte[4096]);
            initiator.send(write);
            List<RawPdu> requests = new ArrayList<>();
            for (int function : new int[] {ABORT_TASK, LOGICAL_UNIT_RESET, ABORT_TASK}) {
                boolean abort = function == ABORT_TASK;
                requests.add(initiator.taskManagementRequest(
                        function, 0, abort ? write.taskTag() : RawPdu.RESERVED_TAG, abort ? write.int32(24) : 0));
                initiator.send(requests.get(requests.size() - 1));
            }
            CommandNumbers.pingAtOnce(initiator);
            file.goOn();
            Map<Integer, Integer> answers = answers(initiator, requests.size());
            assertEquals(COMPLETE, (int) answers.get(requests.get(0).taskTag()));
            assertEquals(COMPLETE, (int) answers.get(requests.get(1).taskTag()));
            int second = answers.get(requests.get(2).taskTag());
            assertTrue("second abort: " + second, second == COMPLETE || second == NO_TASK);
            initiator.execute(0, Cdb.testUnitReady(), null, 0).expectSense(RESET_OCCURRED);
            nothingComesLate(initiator, 8);
        }
    }

    /** Returns the response to each request; nothing else is said meanwhile. */
    private static Map<Integer, Integer> answers(TestInitiator initiator, int count) throws IOException {
        Map<Integer, Integer> answers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            RawPdu answer = initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE);
            answers.put(answer.taskTag(), answer.int8(2));
        }
        assertEquals("each once", count, answers.size());
        return answers;
    }

    private static void tenResets(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        List<TestInitiator> hosts = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                hosts.add(world.login());
            }
            for (TestInitiator host : hosts) {
                host.send(unsent(host, 0));
                host.expect(RawPdu.R2T);
            }
            for (TestInitiator host : hosts) {
                host.send(host.taskManagementRequest(LOGICAL_UNIT_RESET, 0, RawPdu.RESERVED_TAG, 0));
            }
            for (TestInitiator host : hosts) {
                assertEquals(
                        COMPLETE, host.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
            }
            for (TestInitiator host : hosts) {
                host.execute(0, Cdb.testUnitReady(), null, 0).expectSense(RESET_OCCURRED);
                Expect.serves(host);
            }
            TestInitiator one = hosts.get(0);
            for (int i = 0; i < 10; i++) {
                one.send(one.taskManagementRequest(LOGICAL_UNIT_RESET, 0, RawPdu.RESERVED_TAG, 0));
            }
            answers(one, 10).values().forEach(answer -> assertEquals(COMPLETE, (int) answer));
            one.execute(0, Cdb.testUnitReady(), null, 0).expectSense(RESET_OCCURRED);
            Expect.serves(one);
        } finally {
            for (TestInitiator host : hosts) {
                host.close();
            }
        }
        medium.expectKnown();
    }

    private static void resetOfAHungDisk(World world) throws IOException {
        try (HangingFile file = Disk.storage(world);
                Disk disk = Disk.hanging(world, file);
                TestInitiator initiator = Disk.ready(
                        world.connect(World.STORE_DEADLINE.multipliedBy(3)).login(disk.target()))) {
            file.hang();
            initiator.send(write(initiator, 0, new byte[4096]));
            long begun = System.nanoTime();
            assertEquals(REJECTED, initiator.taskManagement(LOGICAL_UNIT_RESET, 0, RawPdu.RESERVED_TAG, 0));
            Expect.within(World.STORE_DEADLINE.plus(World.SLACK), begun);
            Disk.ready(initiator);
            assertTrue(
                    "no write while the old one may come",
                    initiator.execute(0, Cdb.write10(0, 8), new byte[4096], 0).status() != 0);
            assertEquals(REJECTED, initiator.taskManagement(LOGICAL_UNIT_RESET, 0, RawPdu.RESERVED_TAG, 0));
            file.goOn();
            World.await("it takes writes again", World.PING_TIMEOUT.plus(World.SLACK), () -> takesWrites(initiator));
            nothingComesLate(initiator, 8);
        }
    }

    private static boolean takesWrites(TestInitiator initiator) {
        try {
            return initiator.execute(0, Cdb.write10(0, 8), new byte[4096], 0).status() == 0;
        } catch (IOException lost) {
            throw new AssertionError(lost);
        }
    }
}
