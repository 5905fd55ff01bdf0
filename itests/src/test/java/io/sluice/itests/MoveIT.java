package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Disks go over to other storage under initiators that write and read, and none of them sees an error. */
public class MoveIT {

    private static final int MOVES = Integer.getInteger("move.moves", 3);
    private static final int REPLACES = Integer.getInteger("move.replaces", 20);
    private static final int BLOCK = 512;
    private static final int BLOCKS = 8;
    private static final int HOSTS = 2;
    private static final int CHECK_CONDITION = 2;
    private static final int UNIT_ATTENTION = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    @Before
    public void begin() throws IOException {
        Console.empty(SLUICE);
    }

    private static JsonNode move() throws IOException {
        return Json.read(Console.ssh(SLUICE).run("backstore:moves --json")).get(0);
    }

    private static String awaitEnd() throws IOException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        String state;
        do {
            state = move().path("state").asText();
        } while (!List.of("done", "failed", "cancelled").contains(state) && System.nanoTime() < until);
        return state;
    }

    @Test
    public void aDiskIsMovedUnderVerifiedHosts() throws Exception {
        SLUICE.console("backstore:create file disk --path moved.img --size 64M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore disk");
        String url = SLUICE.url(Sluice.TARGET, 0);
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 32M 16M", "-c", "flush", url)
                .expectSuccess();
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, HOSTS)) {
            load.over(Duration.ofSeconds(1));
            for (int i = 0; i < MOVES; i++) {
                boolean memory = i % 2 == 1;
                SLUICE.console("backstore:move disk " + (memory ? "memory" : "file --path move" + i + ".img"));
                assertEquals(SLUICE.console("backstore:info disk"), "done", awaitEnd());
                assertEquals(0, move().path("differences").asInt());
                assertTrue(load.over(Duration.ofMillis(200)).perSecond() > 0);
            }
        }
        Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 32M 16M", "-c", "read -P 0 48M 16M", url)
                .expectSuccess();
        assertFalse(SLUICE.log(), SLUICE.log().contains("met a bug"));
    }

    @Test
    public void aMoveGoesOnAfterAStopAndAfterAKill() throws Exception {
        SLUICE.console("backstore:create file disk --path source.img --size 32M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore disk");
        String url = SLUICE.url(Sluice.TARGET, 0);
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x11 0 32M", "-c", "flush", url)
                .expectSuccess();
        SLUICE.console("backstore:move disk file --path sink.img --rate 2M");
        SLUICE.stop().expectSuccess();
        SLUICE.start().expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x22 0 64k", "-c", "flush", url)
                .expectSuccess();
        assertFalse(
                move().toString(),
                List.of("done", "failed").contains(move().path("state").asText()));
        SLUICE.kill();
        SLUICE.start().expectSuccess();
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x33 31M 64k", "-c", "flush", url)
                .expectSuccess();
        SLUICE.console("bundle:restart io.sluice.backstore-file");
        SLUICE.console("backstore:move-rate disk 0");
        assertEquals("done", awaitEnd());
        Path sink = SLUICE.volumes().resolve("sink.img");
        assertTrue(
                SLUICE.console("backstore:info disk"),
                SLUICE.console("backstore:info disk").contains("sink.img"));
        assertEquals(
                "the old storage is as it was when hosts left it",
                -1,
                Files.mismatch(SLUICE.volumes().resolve("source.img"), sink));
        Tool.run(
                        "qemu-io",
                        "-f",
                        "raw",
                        "-c",
                        "read -P 0x22 0 64k",
                        "-c",
                        "read -P 0x11 64k 16M",
                        "-c",
                        "read -P 0x33 31M 64k",
                        url)
                .expectSuccess();
    }

    /** The stores have the same in them, and so every read can be checked. */
    @Test
    public void aLunGoesOverToAnotherStoreUnderVerifiedHosts() throws Exception {
        SLUICE.console("backstore:create file a --path a.img --size 8M");
        SLUICE.console("backstore:create file b --path b.img --size 8M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore a");
        String naa = naa("a");
        CountDownLatch stop = new CountDownLatch(1);
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        AtomicLong attentions = new AtomicLong();
        List<Thread> hosts = new ArrayList<>();
        for (int i = 0; i < HOSTS; i++) {
            int number = i;
            Thread host = new Thread(() -> use(number, stop, wrong, attentions));
            hosts.add(host);
            host.start();
        }
        String mapped = "a";
        for (int i = 0; i < REPLACES; i++) {
            String other = mapped.equals("a") ? "b" : "a";
            Terminal.Outcome outcome = Console.ssh(SLUICE).run("lun:replace " + Sluice.TARGET + " 0 " + other);
            assertFalse(outcome.text(), outcome.failed());
            mapped = other;
            assertEquals(naa, naa(mapped));
        }
        stop.countDown();
        for (Thread host : hosts) {
            host.join();
        }
        if (wrong.get() != null) {
            throw new AssertionError("a host met an error", wrong.get());
        }
        assertTrue("hosts are told: " + attentions, attentions.get() >= HOSTS);
    }

    private static String naa(String name) throws IOException {
        return Json.read(Console.ssh(SLUICE).run("backstore:info " + name + " --json"))
                .path("naa")
                .asText();
    }

    /** Writes the same again and again, and reads it; gives up on anything but GOOD and a unit attention. */
    private static void use(int number, CountDownLatch stop, AtomicReference<Throwable> wrong, AtomicLong attentions) {
        byte[] data = new byte[BLOCKS * BLOCK];
        Arrays.fill(data, (byte) (number + 1));
        try (TestInitiator host = TestInitiator.connect(SLUICE.portal(), PATIENCE, 0)
                .name("iqn.2026-11.io.sluice:host" + number)
                .login(Sluice.TARGET)) {
            long lba = (long) number * BLOCKS;
            while (!stop.await(0, TimeUnit.NANOSECONDS)) {
                run(host, Cdb.write10(lba, BLOCKS), data, 0, attentions);
                byte[] seen = run(host, Cdb.read10(lba + 64, BLOCKS), null, data.length, attentions);
                assertEquals(0, Arrays.compare(new byte[data.length], seen));
            }
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            wrong.compareAndSet(null, failure);
        }
    }

    private static byte[] run(TestInitiator host, byte[] cdb, byte[] out, int in, AtomicLong attentions)
            throws IOException {
        ScsiResult result = host.execute(0, cdb, out, in);
        while (result.status() == CHECK_CONDITION && result.senseCode() >> 16 == UNIT_ATTENTION) {
            attentions.incrementAndGet();
            result = host.execute(0, cdb, out, in);
        }
        return result.expectGood();
    }
}
