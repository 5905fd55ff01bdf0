package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.ceph.CephCluster;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Disks in images of a real Ceph cluster, whose OSD may die at any time. */
public class RbdIT {

    private static final String FEATURE = "sluice-backstore-rbd";
    private static final String DISK = "ceph";
    private static final Duration SOON = Duration.ofSeconds(180);
    private static final int DEADLINE_SECONDS = 20;
    private static final int TIMED_OUT = 0x0B2E02;
    private static final int BECOMING_READY = 0x020401;
    private static final int BLOCK = 512;

    /** What may differ between kinds of storage: everything that has to do with blocks, sizes, space and sharing. */
    private static final List<String> FAMILIES = List.of(
            "SCSI.CompareAndWrite",
            "SCSI.ExtendedCopy",
            "SCSI.GetLBAStatus",
            "SCSI.Inquiry",
            "SCSI.OrWrite",
            "SCSI.Prefetch10",
            "SCSI.ProutReserve",
            "SCSI.Read10",
            "SCSI.Read16",
            "SCSI.ReadCapacity16",
            "SCSI.Unmap",
            "SCSI.Verify10",
            "SCSI.Verify16",
            "SCSI.Write10",
            "SCSI.Write16",
            "SCSI.WriteAtomic16",
            "SCSI.WriteSame10",
            "SCSI.WriteSame16",
            "SCSI.WriteVerify10");

    private static final CephCluster CEPH = new CephCluster(CephCluster.Store.DISK);
    private static final Sluice SLUICE = new Sluice()
            .configured("io.sluice.manager.cfg", "deadlineSeconds = " + DEADLINE_SECONDS + "\n")
            // Nobody is pinged while a command takes as long as it may.
            .configured("io.sluice.iscsi.cfg", "pingIntervalSeconds = 60\n")
            .light();

    @ClassRule
    public static final RuleChain ORDER = RuleChain.outerRule(CEPH).around(SLUICE);

    private static int images;
    private String image;

    @Before
    public void makeDisk() throws Exception {
        Console.empty(SLUICE);
        SLUICE.console("feature:install " + FEATURE);
        image = "image" + images++;
        SLUICE.console(
                "backstore:create rbd " + DISK + " -o image=" + image + " -o conf=" + CEPH.conf() + " --size 400M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore " + DISK);
    }

    private static void goesOn(VerifiedLoad load, String after) throws Exception {
        long before = load.done();
        long deadline = System.nanoTime() + SOON.toNanos();
        while (load.done() < before + 20) {
            assertTrue("nothing goes on after " + after, System.nanoTime() < deadline);
            load.over(Duration.ofMillis(200));
        }
    }

    private static void io(String... commands) {
        StringBuilder line = new StringBuilder("qemu-io -f raw");
        for (String command : commands) {
            line.append(" -c '").append(command).append('\'');
        }
        Tool.run("sh", "-c", line + " " + SLUICE.url(Sluice.TARGET, 0)).expectSuccess();
    }

    @Test
    public void itIsADiskAsAnyOther() {
        for (String family : FAMILIES) {
            Tool.Result result = Tool.run("iscsi-test-cu", "--dataloss", "-t", family, SLUICE.url(Sluice.TARGET, 0));
            assertEquals(family + result.output(), 0, result.exit());
        }
    }

    /** What a host writes is what the cluster has, and the other way round. */
    @Test
    public void itIsTheImage() throws Exception {
        io("write -P 0x5a 1M 1M", "flush");
        String exported = SLUICE.folder().resolve("exported").toString();
        Tool.run(CEPH.command("rbd", "export", "--no-progress", image, exported))
                .expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 1M 1M", "-c", "read -P 0 2M 1M", exported)
                .expectSuccess();
        String info = SLUICE.console("backstore:info " + DISK);
        assertTrue(info, info.contains("Ceph image rbd/" + image));
        CEPH.rbd("resize", "--size", "500M", "--no-progress", image);
        SLUICE.console("backstore:resize " + DISK + " 500M");
        io("write -P 0x33 499M 1M", "read -P 0x33 499M 1M");
    }

    @Test
    public void theOsdDiesUnderVerifiedWritesAndComesBack() throws Exception {
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 4)) {
            load.over(Duration.ofSeconds(2));
            CEPH.killOsd();
            load.over(Duration.ofSeconds(2));
            CEPH.startOsd();
            goesOn(load, "the return of the OSD");
        }
        String info = SLUICE.console("backstore:info " + DISK);
        assertTrue(info, info.contains("online"));
    }

    /** What was refused at last may still be done by the cluster, and must not be done over what was written later. */
    @Test
    public void theOsdIsAwayForLongerThanTheDeadline() throws Exception {
        try (TestInitiator host =
                TestInitiator.connect(SLUICE.portal(), SOON, 0).login(Sluice.TARGET)) {
            host.execute(0, new byte[6], null, 0);
            host.write10(0, 0, block(1), BLOCK);
            CEPH.killOsd();
            try {
                host.execute(0, Cdb.write10(0, 1), block(2), 0).expectSense(TIMED_OUT);
                host.execute(0, Cdb.write10(0, 1), block(3), 0).expectSense(BECOMING_READY);
            } finally {
                CEPH.startOsd();
            }
            long deadline = System.nanoTime() + SOON.toNanos();
            while (host.execute(0, Cdb.write10(0, 1), block(4), 0).status() != 0) {
                assertTrue("it does not heal", System.nanoTime() < deadline);
            }
            assertArrayEquals(block(4), host.read10(0, 0, 1, BLOCK));
        }
        String exported = SLUICE.folder().resolve("after").toString();
        Tool.run(CEPH.command("rbd", "export", "--no-progress", image, exported))
                .expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 4 0 512", exported).expectSuccess();
    }

    private static byte[] block(int value) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    public void whoeverTakesTheImageHasItAlone() throws Exception {
        io("write -P 1 0 1M", "flush");
        String owner = CEPH.rbd("lock", "ls", image).lines().skip(2).findFirst().orElseThrow();
        String[] parts = owner.trim().split("  +");
        CEPH.ceph("osd", "blocklist", "add", parts[2]);
        CEPH.rbd("lock", "rm", image, parts[1], parts[0]);
        CEPH.rbd("bench", "--io-type", "write", "--io-size", "1M", "--io-total", "1M", image);
        try (Host host = Host.logIn(SLUICE, Sluice.TARGET, 9)) {
            assertEquals("CHECK CONDITION", 2, host.write(0, 3));
        }
        String info = SLUICE.console("backstore:info " + DISK);
        assertTrue(info, info.contains("failed") && info.contains("backstore:reopen " + DISK));
        SLUICE.console("backstore:reopen " + DISK);
        io("write -P 2 0 1M", "read -P 2 0 1M");
    }

    @Test
    public void aLayerLiesOnIt() throws Exception {
        SLUICE.console("backstore:layer add " + DISK + " throttle iops=100000");
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 4)) {
            goesOn(load, "the layer was added");
            SLUICE.console("bundle:restart io.sluice.backstore-rbd");
            goesOn(load, "the bundle was started again");
        }
    }

    /** Its libraries have threads of their own. */
    @Test
    public void theGatewayEndsAndBeginsWithIt() throws Exception {
        io("write -P 0x44 0 1M", "flush");
        SLUICE.stop().expectSuccess();
        SLUICE.start().expectSuccess();
        io("read -P 0x44 0 1M");
    }
}
