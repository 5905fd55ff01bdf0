package io.sluice.itests;

import static io.sluice.itests.TwoGateways.ACTIVE;
import static io.sluice.itests.TwoGateways.DISK;
import static io.sluice.itests.TwoGateways.FIRST_TARGET;
import static io.sluice.itests.TwoGateways.SECOND_TARGET;
import static io.sluice.itests.TwoGateways.SOON;
import static io.sluice.itests.TwoGateways.STANDBY;
import static io.sluice.itests.TwoGateways.eventually;
import static io.sluice.itests.TwoGateways.knowEachOther;
import static io.sluice.itests.TwoGateways.state;
import static io.sluice.itests.TwoGateways.told;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.MultipathInitiator;
import io.sluice.testkit.initiator.MultipathInitiator.Group;
import io.sluice.testkit.initiator.ScsiResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Two gateways with one image of a real Ceph cluster: one serves it, the other stands by. */
public class HighAvailabilityIT {

    /** How many takeovers there are under load; the figure of the documents is a hundred. */
    private static final int TAKEOVERS = Integer.getInteger("sluice.takeovers", 6);

    private static final Duration GAP = Duration.ofSeconds(5);

    /** What both tell when the second one serves. */
    private static final List<Group> TURNED = List.of(new Group(1, STANDBY), new Group(1001, ACTIVE));

    private static final int IN_STANDBY = 0x02040B;
    private static final int HOSTS = 4;
    private static final int ALL_TARGET_PORTS = 0x04;
    private static final int IN_TRANSITION = 0x02040A;
    private static final int RESERVATIONS_PREEMPTED = 0x2A03;
    private static final int REGISTRATIONS_PREEMPTED = 0x2A05;
    private static final int REGISTRATIONS = 50;
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final int UNIT_ATTENTION = 0x06;
    private static final int TURNS = 20;
    private static final String SET_TARGET_PORT_GROUPS = "a4 0a 00 00 00 00 00 00 00 08 00 00";
    private static final String READ_RESERVATION = "5e 01 00 00 00 00 00 08 00 00";
    private static final String READ_FULL_STATUS = "5e 03 00 00 00 00 00 08 00 00";
    private static final String READ_KEYS = "5e 00 00 00 00 00 00 08 00 00";

    @ClassRule
    public static final TwoGateways TWO = new TwoGateways();

    private static final Sluice FIRST = TWO.first;
    private static final Sluice SECOND = TWO.second;

    @Before
    public void makeDisk() throws Exception {
        TWO.makeDisk();
    }

    @Test
    public void bothTellTheSameAndOneServes() throws Exception {
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1);
                Host second = Host.logIn(SECOND, SECOND_TARGET, 1)) {
            knowEachOther(first, second);
            assertEquals(told(first), told(second));
            assertEquals(1, MultipathInitiator.ownGroup(first.initiator()));
            assertEquals(1001, MultipathInitiator.ownGroup(second.initiator()));
            assertEquals(Host.GOOD, first.write(0, 7));
            assertEquals(IN_STANDBY, second.run("28 00 00 00 00 00 00 00 01 00").senseCode());
            assertEquals(IN_STANDBY, second.run("00 00 00 00 00 00").senseCode());
            String shutOut = TWO.ceph.ceph("osd", "blocklist", "ls");
            SECOND.console("backstore:takeover " + DISK);
            first.clearUnitAttention();
            second.clearUnitAttention();
            assertEquals(TURNED, told(second));
            gaveWay(first);
            assertEquals(7, second.run("28 00 00 00 00 00 00 00 01 00").data()[0]);
            assertEquals(IN_STANDBY, first.run("28 00 00 00 00 00 00 00 01 00").senseCode());
            assertEquals("whoever gives way is not shut out", shutOut, TWO.ceph.ceph("osd", "blocklist", "ls"));
        }
    }

    /** Whoever is shut out is on a list of the cluster for days, and hosts that do not agree would fill it. */
    @Test
    public void hostsThatTakeItInTurnShutNobodyOut() throws Exception {
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1, SOON);
                Host second = Host.logIn(SECOND, SECOND_TARGET, 1, SOON)) {
            knowEachOther(first, second);
            String shutOut = TWO.ceph.ceph("osd", "blocklist", "ls");
            long[] millis = new long[TURNS];
            for (int i = 0; i < TURNS; i++) {
                Host next = i % 2 == 0 ? second : first;
                long begun = System.nanoTime();
                take(next, i % 2 == 0 ? 1001 : 1);
                millis[i] = (System.nanoTime() - begun) / 1_000_000;
                next.clearUnitAttention();
                assertEquals(Host.GOOD, next.write(0, i));
            }
            Arrays.sort(millis);
            System.out.println(TURNS + " times SET TARGET PORT GROUPS in turn: median " + millis[TURNS / 2]
                    + " ms, longest " + millis[TURNS - 1] + " ms");
            assertEquals(shutOut, TWO.ceph.ceph("osd", "blocklist", "ls"));
        }
    }

    /** Repeats what is answered with a unit attention, of which there may be one for each gateway. */
    private static void take(Host host, int group) throws Exception {
        byte[] list = {0, 0, 0, 0, ACTIVE, 0, (byte) (group >> 8), (byte) group};
        ScsiResult result = host.send(SET_TARGET_PORT_GROUPS, list);
        while (result.senseCode() >> 16 == UNIT_ATTENTION) {
            result = host.send(SET_TARGET_PORT_GROUPS, list);
        }
        assertEquals(result.toString(), Host.GOOD, result.status());
    }

    @Test
    public void aReservationMadeThroughOneHoldsThroughTheOther() throws Exception {
        try (Host holder = Host.logIn(FIRST, FIRST_TARGET, 1);
                Host holderThere = Host.logIn(SECOND, SECOND_TARGET, 1);
                Host strangerThere = Host.logIn(SECOND, SECOND_TARGET, 2)) {
            knowEachOther(holder, holderThere, strangerThere);
            byte[] everyPort = ByteBuffer.allocate(24)
                    .putLong(8, 0xABCL)
                    .put(20, (byte) ALL_TARGET_PORTS)
                    .array();
            assertEquals(
                    Host.GOOD,
                    holder.send("5f 00 00 00 00 00 00 00 18 00", everyPort).status());
            assertEquals(
                    Host.GOOD,
                    holder.reserveOut(Host.RESERVE, Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0xABC, 0, false)
                            .status());
            byte[] keys = holder.run(READ_KEYS).data();
            assertArrayEquals(
                    "generation and keys", keys, strangerThere.run(READ_KEYS).data());
            assertEquals("abc type 5", strangerThere.reservation());
            assertEquals(
                    "whoever is not registered changes nothing through either",
                    Host.RESERVATION_CONFLICT,
                    strangerThere.reserveOut(Host.CLEAR, 0, 0xABC, 0, false).status());
            SECOND.console("backstore:takeover " + DISK);
            holderThere.clearUnitAttention();
            strangerThere.clearUnitAttention();
            assertEquals(Host.RESERVATION_CONFLICT, strangerThere.write(0, 1));
            assertEquals(Host.GOOD, holderThere.write(0, 2));
            assertArrayEquals(
                    "generation and keys", keys, strangerThere.run(READ_KEYS).data());
            holderThere.reserveOut(Host.CLEAR, 0, 0xABC, 0, false).expectGood();
            assertEquals(Host.GOOD, strangerThere.write(0, 3));
        }
    }

    /** That the other one has taken it is another change, and another attention, than that it stands by itself. */
    private static void gaveWay(Host first) throws Exception {
        eventually("the first does not give way", () -> told(first).equals(TURNED));
        first.clearUnitAttention();
    }

    /** As mpathpersist and cluster software do it. */
    @Test
    public void eachPathIsRegisteredAndTheOneThatStandsByReserves() throws Exception {
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1);
                Host second = Host.logIn(SECOND, SECOND_TARGET, 1);
                Host stranger = Host.logIn(FIRST, FIRST_TARGET, 2);
                Host strangerThere = Host.logIn(SECOND, SECOND_TARGET, 2)) {
            knowEachOther(first, second, strangerThere);
            stranger.clearUnitAttention();
            for (Host path : List.of(second, first)) {
                path.reserveOut(Host.REGISTER, 0, 0, 0xA, false).expectGood();
            }
            second.reserveOut(Host.RESERVE, Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0xA, 0, false)
                    .expectGood();
            expectSame(first, second);
            assertEquals(Host.RESERVATION_CONFLICT, stranger.write(0, 1));
            assertEquals(Host.GOOD, first.write(0, 2));
            for (Host path : List.of(strangerThere, stranger)) {
                path.reserveOut(Host.REGISTER_AND_IGNORE, 0, 0, 0xB, false).expectGood();
            }
            assertEquals(Host.GOOD, stranger.write(0, 3));
            second.reserveOut(Host.PREEMPT_AND_ABORT, Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0xA, 0xB, false)
                    .expectGood();
            stranger.expectUnitAttention(REGISTRATIONS_PREEMPTED);
            assertEquals(Host.RESERVATION_CONFLICT, stranger.write(0, 4));
            eventually("the stranger is not told there", () -> code(strangerThere) == REGISTRATIONS_PREEMPTED);
            expectSame(first, second);
            SECOND.console("backstore:takeover " + DISK);
            for (Host path : List.of(second, strangerThere)) {
                path.clearUnitAttention();
            }
            gaveWay(first);
            assertEquals(Host.GOOD, second.write(0, 5));
            assertEquals(Host.RESERVATION_CONFLICT, strangerThere.write(0, 6));
            first.reserveOut(Host.CLEAR, 0, 0xA, 0, false).expectGood();
            second.expectUnitAttention(RESERVATIONS_PREEMPTED);
            expectSame(first, second);
            assertEquals(Host.GOOD, strangerThere.write(0, 7));
        }
    }

    private static void expectSame(Host one, Host other) throws Exception {
        for (String command : List.of(READ_KEYS, READ_RESERVATION, READ_FULL_STATUS)) {
            ScsiResult expected = one.run(command);
            ScsiResult told = other.run(command);
            assertEquals(expected.toString(), Host.GOOD, expected.status());
            assertEquals(told.toString(), Host.GOOD, told.status());
            assertArrayEquals(command, expected.data(), told.data());
        }
    }

    private static int code(Host host) {
        try {
            return host.run("00 00 00 00 00 00").senseCode() & 0xFFFF;
        } catch (java.io.IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    public void aRegistrationThroughWhoStandsByCostsMilliseconds() throws Exception {
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1);
                Host second = Host.logIn(SECOND, SECOND_TARGET, 1)) {
            knowEachOther(first, second);
            for (Host path : List.of(first, second)) {
                long[] micros = new long[REGISTRATIONS];
                for (int i = 0; i < REGISTRATIONS; i++) {
                    long begun = System.nanoTime();
                    path.reserveOut(Host.REGISTER_AND_IGNORE, 0, 0, 0xA00 + i, false)
                            .expectGood();
                    micros[i] = (System.nanoTime() - begun) / 1000;
                }
                Arrays.sort(micros);
                System.out.println("PERSISTENT RESERVE OUT through who " + (path == first ? "serves" : "stands by")
                        + ": median " + micros[REGISTRATIONS / 2] + " us, longest " + micros[REGISTRATIONS - 1]
                        + " us of " + REGISTRATIONS);
                assertTrue("the median is short", micros[REGISTRATIONS / 2] < SHORT.toNanos() / 1000);
            }
        }
    }

    /** What was answered GOOD is there after it; of the one that was not, it is not known. */
    @Test
    public void theDeathOfWhoServesLosesNoRegistration() throws Exception {
        AtomicLong last = new AtomicLong();
        try (Host second = Host.logIn(SECOND, SECOND_TARGET, 1, SOON)) {
            second.clearUnitAttention();
            CompletableFuture<ScsiResult> broken = new CompletableFuture<>();
            Thread registering = new Thread(() -> register(second, last, broken), "registering");
            registering.start();
            eventually("nothing is registered", () -> last.get() >= 20 || broken.isDone());
            FIRST.kill();
            ScsiResult inDoubt = broken.get(SOON.toSeconds(), TimeUnit.SECONDS);
            registering.join(SOON.toMillis());
            assertEquals(inDoubt.toString(), IN_TRANSITION, inDoubt.senseCode());
            SECOND.console("backstore:takeover " + DISK + " --force");
            second.clearUnitAttention();
            long[] keys = second.keys();
            assertEquals(1, keys.length);
            assertTrue(keys[0] + " after " + last.get(), keys[0] == last.get() || keys[0] == last.get() + 1);
            second.reserveOut(Host.REGISTER_AND_IGNORE, 0, 0, 0xE0D, false).expectGood();
        } finally {
            FIRST.start().expectSuccess();
        }
        eventually("the first does not stand by", () -> state(FIRST).equals("standby"));
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1)) {
            first.clearUnitAttention();
            first.reserveOut(Host.REGISTER, 0, 0, 0xE0D, false).expectGood();
            assertEquals(2, first.keys().length);
        }
    }

    private static void register(Host host, AtomicLong last, CompletableFuture<ScsiResult> broken) {
        try {
            ScsiResult result;
            do {
                result = host.reserveOut(Host.REGISTER_AND_IGNORE, 0, 0, last.get() + 1, false);
            } while (result.status() == Host.GOOD && last.incrementAndGet() > 0);
            broken.complete(result);
        } catch (Exception failed) {
            broken.completeExceptionally(failed);
        }
    }

    @Test
    public void aTakeoverEndsWhatWhoSleepsHasNotAnswered() throws Exception {
        try (Host second = Host.logIn(SECOND, SECOND_TARGET, 1, SOON)) {
            eventually("it does not know who serves", () -> code(second) == (IN_STANDBY & 0xFFFF));
            TWO.signalFirst("STOP");
            try {
                CompletableFuture<ScsiResult> asked = new CompletableFuture<>();
                Thread asking = new Thread(
                        () -> {
                            try {
                                asked.complete(second.reserveOut(Host.REGISTER, 0, 0, 0xA, false));
                            } catch (java.io.IOException failed) {
                                asked.completeExceptionally(failed);
                            }
                        },
                        "asking");
                asking.start();
                eventually("nothing is left for the first", () -> TWO.records().contains("sluice.mail."));
                SECOND.console("backstore:takeover " + DISK + " --force");
                ScsiResult result = asked.get(SOON.toSeconds(), TimeUnit.SECONDS);
                assertEquals(result.toString(), IN_TRANSITION, result.senseCode());
            } finally {
                TWO.signalFirst("CONT");
            }
            eventually("the first does not stand by", () -> state(FIRST).equals("standby"));
            second.clearUnitAttention();
            assertEquals("it has woken up too late", 0, second.keys().length);
            second.reserveOut(Host.REGISTER, 0, 0, 0xA, false).expectGood();
            eventually("mail is left behind", () -> !TWO.records().contains("sluice.mail."));
        }
    }

    @Test
    public void whoLosesTheDiskWritesNothingMore() throws Exception {
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1);
                Host second = Host.logIn(SECOND, SECOND_TARGET, 1)) {
            knowEachOther(first, second);
            assertEquals(Host.GOOD, first.write(0, 1));
            SECOND.console("backstore:takeover " + DISK + " --force");
            second.clearUnitAttention();
            assertEquals(Host.GOOD, second.write(0, 2));
            byte[] late = new byte[512];
            assertEquals(2, first.send("2a 00 00 00 00 00 00 00 01 00", late).status());
            assertEquals(2, second.run("28 00 00 00 00 00 00 00 01 00").data()[0]);
            eventually("the first does not stand by", () -> state(FIRST).equals("standby"));
            first.clearUnitAttention();
            assertEquals(
                    IN_STANDBY,
                    first.send("2a 00 00 00 00 00 00 00 01 00", late).senseCode());
            FIRST.console("backstore:takeover " + DISK + " --force");
            first.clearUnitAttention();
            assertEquals(2, first.run("28 00 00 00 00 00 00 00 01 00").data()[0]);
        }
    }

    @Test
    public void theDeathOfWhoServesCostsSeconds() throws Exception {
        try (SequencedLoad load = new SequencedLoad(HOSTS, TWO.paths())) {
            load.goesOn(100, SOON);
            load.longest();
            FIRST.kill();
            load.goesOn(100, SOON);
            Duration gap = load.longest();
            System.out.println(
                    "kill -9 of the gateway that serves: the longest command took " + gap.toMillis() + " ms");
            assertTrue(gap + " is too long", gap.compareTo(GAP) <= 0);
            FIRST.start().expectSuccess();
            eventually("the first does not stand by", () -> state(FIRST).equals("standby"));
            load.goesOn(100, SOON);
        }
    }

    /** What hosts have sent it while it slept, and have done elsewhere since, it must not do. */
    @Test
    public void whoeverWakesUpWritesNothingLate() throws Exception {
        try (SequencedLoad load = new SequencedLoad(HOSTS, TWO.paths())) {
            load.goesOn(100, SOON);
            TWO.signalFirst("STOP");
            try {
                load.goesOn(500, SOON);
            } finally {
                TWO.signalFirst("CONT");
            }
            eventually("the first does not stand by", () -> state(FIRST).equals("standby"));
            load.goesOn(500, SOON);
        }
    }

    @Test
    public void takeoversUnderLoadLoseNothing() throws Exception {
        long begun = System.nanoTime();
        try (SequencedLoad load = new SequencedLoad(HOSTS, TWO.paths())) {
            Duration longest = Duration.ZERO;
            for (int i = 0; i < TAKEOVERS; i++) {
                load.goesOn(50, SOON);
                Sluice next = i % 2 == 0 ? SECOND : FIRST;
                next.console("backstore:takeover " + DISK + (i % 4 < 2 ? "" : " --force"));
                load.goesOn(50, SOON);
                Duration took = load.longest();
                longest = took.compareTo(longest) > 0 ? took : longest;
            }
            System.out.println(TAKEOVERS + " takeovers, " + load.done() + " writes in "
                    + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s, the longest command took "
                    + longest.toMillis() + " ms");
        }
    }
}
