package io.sluice.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.ClassRule;
import org.junit.Test;

/** What the gateway takes under all kinds of load has an end, and is given back when the load has gone. */
public class MemoryIT {

    private static final int SESSIONS = 1_024;
    private static final long KEPT_KIB = 40 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * Heap (512 MiB), data memory (128 MiB), and what the virtual machine has beside them: code, metaspace, stacks, and the
     * memory of the C library.
     */
    private static final long PEAK_KIB = (512 + 128 + 160) << 10;

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    private final AtomicLong peak = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    public void isGivenBackAfterTheLoad() throws Exception {
        SLUICE.console("target:create " + Sluice.TARGET + " --file memory.img --size 256M");
        Tool.run("iscsi-inq", SLUICE.url(Sluice.TARGET, 0)).expectSuccess();
        long idle = SLUICE.residentKiB();
        Thread sampler = new Thread(this::sample);
        sampler.start();
        conformance();
        sessions();
        large();
        long loaded = SLUICE.residentKiB();
        over.countDown();
        sampler.join();
        long left = awaitRest(idle);
        System.out.printf(
                "resident: %d MiB idle, %d at the peak, %d at the end of the load, %d after it%n",
                idle / 1024, peak.get() / 1024, loaded / 1024, left / 1024);
        assertTrue(peak + " KiB at the peak", peak.get() < PEAK_KIB);
        assertTrue("from " + idle + " to " + left + " KiB", left - idle <= KEPT_KIB);
    }

    private static void conformance() {
        Tool.run("iscsi-test-cu", "--dataloss", "--test=ALL", "--silent", SLUICE.url(Sluice.TARGET, 0));
    }

    private static void sessions() throws IOException {
        List<TestInitiator> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                TestInitiator session = TestInitiator.connect(SLUICE.portal())
                        .name("iqn.2026-11.io.sluice:host" + i)
                        .isid(0x8000_0000_0000L + i)
                        .login(Sluice.TARGET);
                sessions.add(session);
                session.execute(0, new byte[6], null, 0);
                session.read10(0, 0, 256, 512);
            }
        } finally {
            for (TestInitiator session : sessions) {
                session.close();
            }
        }
    }

    private static void large() {
        String url = SLUICE.url(Sluice.TARGET, 0);
        String[] reads = {"qemu-img", "bench", "-f", "raw", "-t", "none", "-c", "2000", "-d", "32", "-s", "1M", url};
        runUnrefused(reads);
        String[] writes = reads.clone();
        writes[writes.length - 1] = "-w";
        writes = Arrays.copyOf(writes, writes.length + 1);
        writes[writes.length - 1] = url;
        runUnrefused(writes);
    }

    /** One host with large transfers is no attack: it is never told to come again. */
    private static void runUnrefused(String... command) {
        String output = Tool.run(command).expectSuccess().output();
        assertFalse(output, output.contains("TASK_SET_FULL") || output.contains("BUSY"));
    }

    private void sample() {
        try {
            do {
                peak.accumulateAndGet(SLUICE.residentKiB(), Math::max);
            } while (!over.await(100, TimeUnit.MILLISECONDS));
        } catch (IOException | InterruptedException failed) {
            peak.set(Long.MAX_VALUE);
        }
    }

    private long awaitRest(long idle) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long left = SLUICE.residentKiB();
        while (left - idle > KEPT_KIB && System.nanoTime() < deadline) {
            never.await(1, TimeUnit.SECONDS);
            left = SLUICE.residentKiB();
        }
        return left;
    }
}
