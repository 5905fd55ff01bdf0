package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.ceph.CephCluster;
import io.sluice.testkit.initiator.MultipathInitiator;
import io.sluice.testkit.initiator.MultipathInitiator.Group;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Two gateways with one image of a real Ceph cluster: one serves it, the other stands by. */
public class HighAvailabilityIT {

    /** How many takeovers there are under load; the figure of the documents is a hundred. */
    private static final int TAKEOVERS = Integer.getInteger("sluice.takeovers", 6);

    private static final String FEATURE = "sluice-backstore-rbd";
    private static final String DISK = "shared";
    private static final String FIRST_TARGET = "iqn.2026-11.io.sluice:first";
    private static final String SECOND_TARGET = "iqn.2026-11.io.sluice:second";
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final Duration GAP = Duration.ofSeconds(5);
    private static final int ACTIVE = 0;
    private static final int STANDBY = 2;
    private static final int IN_STANDBY = 0x02040B;
    private static final int HOSTS = 4;
    private static final int ALL_TARGET_PORTS = 0x04;
    private static final String READ_KEYS = "5e 00 00 00 00 00 00 08 00 00";

    private static final CephCluster CEPH = new CephCluster(CephCluster.Store.MEMORY);
    private static final Sluice FIRST = new Sluice().light();
    private static final Sluice SECOND =
            new Sluice().light().configured("io.sluice.manager.cfg", "firstTargetPort = 1001\n");

    @ClassRule
    public static final RuleChain ORDER =
            RuleChain.outerRule(CEPH).around(FIRST).around(SECOND);

    private static int images;

    private static List<MultipathInitiator.Path> paths() {
        return List.of(
                new MultipathInitiator.Path(FIRST.portal(), FIRST_TARGET),
                new MultipathInitiator.Path(SECOND.portal(), SECOND_TARGET));
    }

    @Before
    public void makeDisk() throws Exception {
        String image = "image" + images++;
        for (Sluice gateway : List.of(FIRST, SECOND)) {
            Console.empty(gateway);
            gateway.console("feature:install " + FEATURE);
        }
        make(FIRST, FIRST_TARGET, image, " --size 64M");
        make(SECOND, SECOND_TARGET, image, "");
    }

    private static void make(Sluice gateway, String target, String image, String size) throws Exception {
        gateway.console("backstore:create rbd " + DISK + " -o image=" + image + " -o conf=" + CEPH.conf()
                + " -o shared=yes --naa 6a8b1c2d3e4f50617283940000000001 --serial HA0001" + size);
        gateway.console("target:create " + target + " --backstore " + DISK);
        gateway.console("initiator:create hosts --iqn iqn.2026-11.io.sluice:*");
        gateway.console("target:allow " + target + " hosts --manage");
        eventually("the disk is not open", () -> state(gateway).matches("online|standby"));
    }

    private static String state(Sluice gateway) {
        try {
            return gateway.console("backstore:list --json").replaceAll("(?s).*\"state\" *: *\"([^\"]*)\".*", "$1");
        } catch (java.io.IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static List<Group> groups(Host host) throws Exception {
        return MultipathInitiator.groups(host.initiator());
    }

    /** Whoever has the other gateway's ports for new is told. */
    private static void knowEachOther(Host first, Host... second) throws Exception {
        List<Group> both = List.of(new Group(1, ACTIVE), new Group(1001, STANDBY));
        eventually("the first does not know the second", () -> told(first).equals(both));
        first.clearUnitAttention();
        for (Host there : second) {
            eventually("the second does not know the first", () -> told(there).equals(both));
            there.clearUnitAttention();
        }
    }

    @Test
    public void bothTellTheSameAndOneServes() throws Exception {
        try (Host first = Host.logIn(FIRST, FIRST_TARGET, 1);
                Host second = Host.logIn(SECOND, SECOND_TARGET, 1)) {
            knowEachOther(first, second);
            assertEquals(groups(first), groups(second));
            assertEquals(1, MultipathInitiator.ownGroup(first.initiator()));
            assertEquals(1001, MultipathInitiator.ownGroup(second.initiator()));
            assertEquals(Host.GOOD, first.write(0, 7));
            assertEquals(IN_STANDBY, second.run("28 00 00 00 00 00 00 00 01 00").senseCode());
            assertEquals(IN_STANDBY, second.run("00 00 00 00 00 00").senseCode());
            String shutOut = CEPH.ceph("osd", "blocklist", "ls");
            SECOND.console("backstore:takeover " + DISK);
            List<Group> turned = List.of(new Group(1, STANDBY), new Group(1001, ACTIVE));
            first.clearUnitAttention();
            second.clearUnitAttention();
            assertEquals(turned, groups(second));
            eventually("the first does not give way", () -> told(first).equals(turned));
            assertEquals(7, second.run("28 00 00 00 00 00 00 00 01 00").data()[0]);
            assertEquals(IN_STANDBY, first.run("28 00 00 00 00 00 00 00 01 00").senseCode());
            assertEquals("whoever gives way is not shut out", shutOut, CEPH.ceph("osd", "blocklist", "ls"));
        }
    }

    private static List<Group> told(Host host) {
        try {
            return groups(host);
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
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
                    "whoever stands by changes no reservation",
                    IN_STANDBY,
                    holderThere
                            .reserveOut(Host.RELEASE, Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, 0xABC, 0, false)
                            .senseCode());
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
        try (SequencedLoad load = new SequencedLoad(HOSTS, paths())) {
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
        try (SequencedLoad load = new SequencedLoad(HOSTS, paths())) {
            load.goesOn(100, SOON);
            signal("STOP");
            try {
                load.goesOn(500, SOON);
            } finally {
                signal("CONT");
            }
            eventually("the first does not stand by", () -> state(FIRST).equals("standby"));
            load.goesOn(500, SOON);
        }
    }

    private static void signal(String signal) throws Exception {
        Tool.run("kill", "-" + signal, Long.toString(FIRST.pid())).expectSuccess();
    }

    @Test
    public void takeoversUnderLoadLoseNothing() throws Exception {
        long begun = System.nanoTime();
        try (SequencedLoad load = new SequencedLoad(HOSTS, paths())) {
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
