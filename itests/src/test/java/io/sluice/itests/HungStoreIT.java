package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/** One disk whose storage hangs, and everybody else. */
public class HungStoreIT {

    private static final String HUNG = "iqn.2026-11.io.sluice:hung";
    private static final String HEALTHY = "iqn.2026-11.io.sluice:healthy";
    private static final int DEADLINE_SECONDS = 4;
    private static final int WRITES = 8;

    /** Two commands by the script, which starts a virtual machine for each. */
    private static final int LISTS_SECONDS = 20;

    private static final int LUN_RESET = 5;
    private static final int FUNCTION_REJECTED = 255;

    /** Below this a longer p99 says more of the machine than of the gateway. */
    private static final long NOISE_MICROS = 10_000;

    @Rule
    public final Sluice sluice =
            new Sluice().configured("io.sluice.manager.cfg", "deadlineSeconds = " + DEADLINE_SECONDS + "\n");

    @Test
    public void costsItsOwnDiskOnly() throws Exception {
        try (HangingFile file = new HangingFile(sluice.volumes(), 64L << 20)) {
            sluice.console("target:create " + HUNG + " --file " + file.path());
            sluice.console("target:create " + HEALTHY + " --file healthy.img --size 64M");
            try (VerifiedLoad others = new VerifiedLoad(sluice.portal(), HEALTHY, 4);
                    TestInitiator victim = logIn(HUNG, 1)) {
                others.over(Duration.ofSeconds(4));
                VerifiedLoad.Figures before = others.over(Duration.ofSeconds(4));
                file.hang();
                RawPdu[] writes = new RawPdu[8];
                for (int i = 0; i < writes.length; i++) {
                    writes[i] =
                            victim.command(0, Cdb.write10(8L * i, 8), 4096, 0).data(new byte[4096]);
                    victim.send(writes[i]);
                }
                VerifiedLoad.Figures during = others.over(Duration.ofSeconds(2));
                System.out.println("others before " + before + ", beside a hung disk " + during);
                assertTrue(
                        during + " after " + before,
                        during.p99Micros() <= Math.max(NOISE_MICROS, 2 * before.p99Micros()));
                everythingElseGoesOn();
                theHungDiskIsFenced(victim, WRITES);
                file.goOn();
                itHeals(victim);
                file.hang();
                victim.send(victim.command(0, Cdb.write10(0, 8), 4096, 0).data(new byte[4096]));
            }
            long begun = System.nanoTime();
            sluice.stop().expectSuccess();
            assertSoon("the stop", begun, 40);
        }
    }

    private void everythingElseGoesOn() throws IOException {
        long begun = System.nanoTime();
        try (TestInitiator newcomer = logIn(HEALTHY, 7);
                TestInitiator another = logIn(HUNG, 8)) {
            newcomer.ping(new byte[100]);
            another.ping(new byte[100]);
        }
        assertSoon("logins", begun, DEADLINE_SECONDS);
        begun = System.nanoTime();
        assertTrue(sluice.console("backstore:list").contains("healthy"));
        assertTrue(sluice.console("session:list").contains(HUNG));
        assertSoon("lists", begun, LISTS_SECONDS);
    }

    private static void assertSoon(String what, long begun, long limit) {
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        assertTrue(what + " took " + seconds + " s", seconds < limit);
    }

    private void theHungDiskIsFenced(TestInitiator victim, int writes) throws IOException {
        Set<Integer> tags = new HashSet<>();
        for (int i = 0; i < writes; i++) {
            RawPdu response = victim.expect(RawPdu.SCSI_RESPONSE);
            byte[] sense = response.data();
            tags.add(response.taskTag());
            assertEquals("ABORTED COMMAND", 0x0B, sense[2 + 2] & 0x0F);
            assertEquals("COMMAND TIMEOUT DURING PROCESSING", 0x2E02, sense[2 + 12] << 8 | sense[2 + 13]);
        }
        assertEquals("each once", writes, tags.size());
        victim.execute(0, Cdb.write10(0, 8), new byte[4096], 0).expectSense(0x020401);
        String list = sluice.console("backstore:list");
        assertTrue(list, list.contains("fenced"));
        String status = sluice.script("client", "gateway:status").output();
        assertTrue(status, status.contains("has not answered"));
        assertEquals(FUNCTION_REJECTED, victim.taskManagement(LUN_RESET, 0, RawPdu.RESERVED_TAG, 0));
    }

    private static void itHeals(TestInitiator victim) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        ScsiResult result = victim.execute(0, Cdb.write10(0, 8), new byte[4096], 0);
        while (result.status() != 0) {
            assertTrue("healed in time, last " + result, System.nanoTime() < deadline);
            result = victim.execute(0, Cdb.write10(0, 8), new byte[4096], 0);
        }
        victim.read10(0, 0, 8, 512);
    }

    private TestInitiator logIn(String target, long isid) throws IOException {
        TestInitiator initiator = TestInitiator.connect(sluice.portal(), Duration.ofSeconds(30), 0)
                .name("iqn.2026-11.io.sluice:host" + isid)
                .isid(0x8000_0000_0000L + isid)
                .login(target);
        while (initiator.execute(0, new byte[6], null, 0).status() != 0) {
            // One unit attention after the other.
        }
        return initiator;
    }
}
