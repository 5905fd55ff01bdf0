package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.itests.HangingFile;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sessions that replace each other, and too many of them (RFC 7143 6.3.5, 11.13.5). */
final class Sessions {

    private static final int REPLACEMENTS = 100;
    private static final int MOST_SESSIONS = 1024;
    private static final int OUT_OF_RESOURCES = 0x0302;
    private static final int NOT_FOUND = 0x0203;
    private static final int TIMES = 10_000;
    private static final int THREADS = 4;
    private static final long HEAP_KIB = 4 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long RESIDENT_KIB = 64 << 10;

    private Sessions() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        116,
                        "a session is replaced during 32 writes: they end before the new login does (RFC 7143 6.3.5)",
                        Sessions::replacedDuringWrites),
                new BadInput(
                        117,
                        "a session is claimed by who has not proven that it is his: 0201, and it goes on (RFC 7143 6.3.5, 9.2.1)",
                        Hijacks::unproven),
                new BadInput(
                        118,
                        "a session is replaced from another address: the log says which (RFC 7143 6.3.5)",
                        Sessions::replacedFromElsewhere),
                new BadInput(
                        119,
                        "more sessions than there may be: 0302, and the others go on (RFC 7143 11.13.5)",
                        Sessions::tooMany),
                new BadInput(120, "10,000 logins and logouts: no memory is kept", Sessions::comeAndGo),
                new BadInput(
                        121,
                        "10,000 logins to targets that there are not: 0203, no memory is kept (RFC 7143 11.13.5)",
                        Sessions::unknownTargets));
    }

    private static TestInitiator host(World world, String from) throws IOException {
        return TestInitiator.connectFrom(from, world.portal())
                .name("iqn.2026-11.io.sluice:twin")
                .isid(0x8000_0000_7777L);
    }

    private static void replacedDuringWrites(World world) throws Exception {
        try (HangingFile file = Disk.storage(world);
                Disk disk = Disk.hanging(world, file);
                TestInitiator old = Disk.ready(host(world, "127.0.0.1").login(disk.target()))) {
            file.hang();
            Removals.writes(old);
            CompletableFuture<TestInitiator> replacing = CompletableFuture.supplyAsync(() -> logIn(world, disk));
            expectNothingAnswered(old);
            try (TestInitiator meanwhile = world.connect().login(disk.target())) {
                meanwhile.ping(new byte[4]);
                world.status();
                assertFalse("writes are under way", replacing.isDone());
            }
            file.goOn();
            try (TestInitiator twin = replacing.get(5, TimeUnit.SECONDS)) {
                Aborts.nothingComesLate(twin, 256);
            }
            replacedAgainAndAgain(world, disk);
        }
    }

    private static TestInitiator logIn(World world, Disk disk) {
        try {
            return host(world, "127.0.0.1").login(disk.target());
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    /** The old connection is closed, and none of its writes has been answered. */
    private static void expectNothingAnswered(TestInitiator old) throws IOException {
        try {
            assertEquals(RawPdu.ASYNC_MESSAGE, old.receive().opcode());
            old.expectClosed();
        } catch (EOFException | SocketException closed) {
            return;
        }
    }

    private static void replacedAgainAndAgain(World world, Disk disk) throws IOException {
        TestInitiator old = logIn(world, disk);
        try {
            for (int i = 0; i < REPLACEMENTS; i++) {
                Disk.ready(old);
                Removals.writes(old);
                TestInitiator twin = logIn(world, disk);
                old.expectClosed();
                old.close();
                old = twin;
                Aborts.nothingComesLate(twin, 256);
            }
        } finally {
            old.close();
        }
    }

    /** The old one comes from where nothing else here does: of one address, no more than some ends are logged in a while. */
    private static void replacedFromElsewhere(World world) throws IOException {
        try (TestInitiator old = host(world, "127.0.0.2").login(World.TARGET);
                TestInitiator twin = host(world, "127.0.0.1").login(World.TARGET)) {
            old.expectClosed();
            twin.ping(new byte[4]);
            // The line is written when the old connection is closed, which the new login does not wait for.
            World.await("the log names both addresses", PATIENCE, () -> namesBoth(world));
        }
    }

    private static boolean namesBoth(World world) {
        try {
            return world.log()
                    .lines()
                    .anyMatch(line -> line.contains("sluice:twin")
                            && line.contains("remote=127.0.0.2:")
                            && line.contains("from 127.0.0.1:"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void tooMany(World world) throws IOException {
        long resident = world.sluice().residentKiB();
        List<TestInitiator> sessions = new ArrayList<>();
        try {
            int beside = world.status().required("sessions").asInt();
            for (int i = beside; i < MOST_SESSIONS; i++) {
                TestInitiator session = world.connect();
                sessions.add(session);
                session.login(World.TARGET);
                if (sessions.size() % 128 == 0) {
                    stay(sessions);
                }
            }
            stay(sessions);
            for (int i = 0; i < 10; i++) {
                try (TestInitiator another = world.connect()) {
                    Expect.refused(OUT_OF_RESOURCES, another.tryLogin(another.names("Normal", World.TARGET)));
                    another.expectClosed();
                }
            }
            long each = (world.sluice().residentKiB() - resident) / MOST_SESSIONS;
            assertTrue(each + " KiB for each", each < 64);
            stay(sessions);
            sessions.remove(1).close();
            World.await("one has gone", World.SLACK, () -> logsIn(world));
        } finally {
            for (TestInitiator session : sessions) {
                session.close();
            }
        }
    }

    /** Says that they are there, whether the gateway has asked or not; it asks soon here. */
    private static void stay(List<TestInitiator> sessions) throws IOException {
        for (TestInitiator session : sessions) {
            RawPdu ping = session.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG);
            session.send(ping);
            while (session.expect(RawPdu.NOP_IN).taskTag() != ping.taskTag()) {
                // That was a question, which any PDU answers.
            }
        }
    }

    private static boolean logsIn(World world) {
        try (TestInitiator another = world.connect()) {
            return another.tryLogin(another.names("Normal", World.TARGET)).status() == 0;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void comeAndGo(World world) throws Exception {
        manyTimes(world, number -> {
            try (TestInitiator session = world.connect().login(World.TARGET)) {
                session.logout();
            }
        });
    }

    private static void unknownTargets(World world) throws Exception {
        manyTimes(world, number -> {
            String from = "127.0.0." + (2 + number % 100);
            try (TestInitiator stranger = TestInitiator.connectFrom(from, world.portal())) {
                stranger.name("iqn.2026-11.io.sluice:stranger" + number % 100);
                String target = "iqn.2026-11.io.sluice:none" + number;
                Expect.refused(NOT_FOUND, stranger.tryLogin(stranger.names("Normal", target)));
            }
        });
    }

    @FunctionalInterface
    private interface Visit {
        void run(int number) throws IOException;
    }

    /** Does something some times, to have all code and all pools as they will be, and then many times more. */
    private static void manyTimes(World world, Visit visit) throws Exception {
        visits(TIMES / 10, visit);
        long pid = world.pid();
        long heap = Heap.usedKiB(pid);
        long resident = world.sluice().residentKiB();
        visits(TIMES, visit);
        long moreResident = world.sluice().residentKiB() - resident;
        World.await("the heap is as it was", PATIENCE, () -> Heap.usedKiB(pid) - heap < HEAP_KIB);
        assertTrue(moreResident + " KiB resident kept", moreResident < RESIDENT_KIB);
    }

    private static void visits(int times, Visit visit) throws Exception {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            CompletableFuture<Void> done = new CompletableFuture<>();
            threads.add(done);
            new Thread(() -> {
                        try {
                            for (int i = first; i < times; i += THREADS) {
                                visit.run(i);
                            }
                            done.complete(null);
                        } catch (IOException | RuntimeException | Error failed) {
                            done.completeExceptionally(failed);
                        }
                    })
                    .start();
        }
        for (CompletableFuture<Void> done : threads) {
            done.get(120, TimeUnit.SECONDS);
        }
    }
}
