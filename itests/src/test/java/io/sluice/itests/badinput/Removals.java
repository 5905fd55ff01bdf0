package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.itests.HangingFile;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sessions, LUNs and targets that go while something is under way. */
final class Removals {

    private static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x052500;
    private static final int WRITE_PROTECTED = 0x072700;
    private static final int CAPACITY_DATA_HAS_CHANGED = 0x062A09;
    private static final int NOT_FOUND = 0x0203;
    private static final int WRITES = 32;

    private Removals() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        112,
                        "a logout during writes, and a reset right behind one: answered when they have ended (RFC 7143 11.14)",
                        Removals::logoutDuringWrites),
                new BadInput(
                        113,
                        "a LUN grows, goes and comes back read-only under load: 2A/09, 25/00, 27/00",
                        Removals::lunChangesUnderLoad),
                new BadInput(
                        114,
                        "a target is deleted while hosts log in: 0203, and no session stays (RFC 7143 11.13.5)",
                        Removals::targetGoesDuringLogin));
    }

    private static void logoutDuringWrites(World world) throws Exception {
        try (HangingFile file = Disk.storage(world);
                Disk disk = Disk.hanging(world, file);
                TestInitiator initiator = disk.login()) {
            file.hang();
            writes(initiator);
            initiator.send(CommandNumbers.immediate(initiator, initiator.request(RawPdu.LOGOUT)));
            CompletableFuture<RawPdu> answer = CompletableFuture.supplyAsync(() -> receive(initiator));
            try (TestInitiator meanwhile = world.connect().login(disk.target())) {
                meanwhile.ping(new byte[4]);
                world.status();
                assertFalse("writes are under way", answer.isDone());
            }
            file.goOn();
            RawPdu logout = answer.get(5, TimeUnit.SECONDS);
            assertEquals(logout.toString(), RawPdu.LOGOUT_RESPONSE, logout.opcode());
            assertEquals(logout.toString(), 0, logout.int8(2));
            initiator.expectClosed();
            try (TestInitiator next = disk.login()) {
                Aborts.nothingComesLate(next, 8 * WRITES);
            }
            for (int i = 0; i < 50; i++) {
                try (TestInitiator cut = disk.login()) {
                    writes(cut);
                    cut.send(CommandNumbers.immediate(cut, cut.request(RawPdu.LOGOUT)));
                    cut.reset();
                }
            }
            try (TestInitiator next = disk.login()) {
                Expect.serves(next);
            }
        }
    }

    /** Sends writes of 4 KiB one behind the other, and waits for none. */
    static void writes(TestInitiator initiator) throws IOException {
        byte[] data = new byte[4096];
        Arrays.fill(data, (byte) 0xEE);
        for (int i = 0; i < WRITES; i++) {
            initiator.send(
                    initiator.command(0, Cdb.write10(8L * i, 8), data.length, 0).data(data));
        }
    }

    static RawPdu receive(TestInitiator initiator) {
        try {
            return initiator.receive();
        } catch (IOException lost) {
            throw new AssertionError(lost);
        }
    }

    private static void lunChangesUnderLoad(World world) throws Exception {
        try (Disk disk = new Disk(world, "changing", "file changing --path changing.img --size 1M");
                TestInitiator initiator = disk.login()) {
            Set<Integer> told = beside(world, "backstore:resize " + disk.name() + " 2M", initiator);
            Disk.ready(initiator);
            assertTrue("told " + told, Set.of(CAPACITY_DATA_HAS_CHANGED, -1).containsAll(told));
            byte[] last = new byte[World.BLOCK];
            Arrays.fill(last, (byte) 9);
            initiator.write10(0, 4095, last, World.BLOCK);
            assertArrayEquals(last, initiator.read10(0, 4095, 1, World.BLOCK));

            RawPdu pending = initiator.command(0, Cdb.write10(0, 8), 4096, 0);
            initiator.send(pending);
            initiator.expect(RawPdu.R2T);
            world.console("lun:unmap " + disk.target() + " 0 --force");
            RawPdu answer = initiator.receive();
            while (answer.opcode() == RawPdu.ASYNC_MESSAGE) {
                answer = initiator.receive();
            }
            ScsiResult.of(answer).expectSense(LOGICAL_UNIT_NOT_SUPPORTED);
            initiator.execute(0, Cdb.testUnitReady(), null, 0).expectSense(LOGICAL_UNIT_NOT_SUPPORTED);
            world.console("lun:map " + disk.target() + " " + disk.name() + " --lun 0");
            Disk.ready(initiator);
            told = beside(world, "lun:unmap " + disk.target() + " 0 --force", initiator);
            assertTrue("told " + told, Set.of(LOGICAL_UNIT_NOT_SUPPORTED, -1).containsAll(told));

            world.console("lun:map " + disk.target() + " " + disk.name() + " --lun 0 --read-only");
            Disk.ready(initiator);
            assertArrayEquals(last, initiator.read10(0, 4095, 1, World.BLOCK));
            initiator.execute(0, Cdb.write10(4095, 1), new byte[512], 0).expectSense(WRITE_PROTECTED);
            assertArrayEquals(last, initiator.read10(0, 4095, 1, World.BLOCK));
            Expect.serves(initiator);
        }
    }

    /** Writes, and reads that again, while a line runs at the console; returns the sense codes that there were, -1 for GOOD. */
    private static Set<Integer> beside(World world, String line, TestInitiator initiator) throws Exception {
        CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
            try {
                world.console(line);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        });
        Set<Integer> codes = new TreeSet<>();
        byte[] data = new byte[4096];
        for (int round = 1; !change.isDone(); round++) {
            Arrays.fill(data, (byte) round);
            ScsiResult written = initiator.execute(0, Cdb.write10(64, 8), data, 0);
            codes.add(written.senseCode());
            ScsiResult read = initiator.execute(0, Cdb.read10(64, 8), null, data.length);
            codes.add(read.senseCode());
            if (written.status() == 0 && read.status() == 0) {
                assertArrayEquals(data, read.data());
            }
        }
        change.get();
        return codes;
    }

    private static void targetGoesDuringLogin(World world) throws Exception {
        Disk disk = new Disk(world, "going", "memory going --size 1M");
        List<TestInitiator> halfway = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                TestInitiator host = world.connect();
                halfway.add(host);
                host.send(host.loginRequest(0x81).data(TextPairs.encode(host.names("Normal", disk.target()))));
                assertEquals(0, host.expect(RawPdu.LOGIN_RESPONSE).int16(36));
            }
            List<CompletableFuture<Set<Integer>>> others = new ArrayList<>();
            CompletableFuture<Void> gone = new CompletableFuture<>();
            for (int i = 0; i < 2; i++) {
                others.add(CompletableFuture.supplyAsync(() -> logIns(world, disk.target(), gone)));
            }
            disk.close();
            gone.complete(null);
            for (CompletableFuture<Set<Integer>> other : others) {
                Set<Integer> statuses = other.get(20, TimeUnit.SECONDS);
                assertTrue("statuses " + statuses, Set.of(0, -1, NOT_FOUND).containsAll(statuses));
                assertTrue("statuses " + statuses, statuses.contains(NOT_FOUND));
            }
            for (TestInitiator host : halfway) {
                host.send(host.loginRequest(0x87).data(TextPairs.encode(TestInitiator.OPERATIONAL_KEYS)));
                Expect.refused(NOT_FOUND, host);
            }
        } finally {
            for (TestInitiator host : halfway) {
                host.close();
            }
        }
        assertFalse(world.console("session:list --json").contains(disk.target()));
    }

    /** Logs in again and again until the target is gone; returns the statuses, -1 where the connection was closed. */
    private static Set<Integer> logIns(World world, String target, CompletableFuture<Void> gone) {
        Set<Integer> statuses = new TreeSet<>();
        boolean over = false;
        while (!over) {
            over = gone.isDone();
            try (TestInitiator host = world.connect()) {
                LoginResult result = host.tryLogin(host.names("Normal", target));
                statuses.add(result.status());
            } catch (EOFException | SocketException closed) {
                statuses.add(-1);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
        }
        return statuses;
    }
}
