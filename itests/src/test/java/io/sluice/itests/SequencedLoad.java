package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.MultipathInitiator;
import io.sluice.testkit.initiator.ScsiResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Hosts with several paths to one disk, which write numbers that grow: each in a part of the disk of its own, one command under
 * way. What is read has to be what was acknowledged last: an older number is a write that was lost, or one that came late.
 */
final class SequencedLoad implements AutoCloseable {

    private static final int BLOCK = 512;
    private static final int BLOCKS = 8;
    private static final int AREAS = 32;
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Thread> threads = new ArrayList<>();
    private final List<MultipathInitiator> hosts = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean ended;

    /** Begins; the disk needs 128 KiB for each host. */
    SequencedLoad(int count, List<MultipathInitiator.Path> paths) {
        for (int i = 0; i < count; i++) {
            int number = i;
            MultipathInitiator host = new MultipathInitiator(
                    "iqn.2026-11.io.sluice:many" + i, 0x4000_0137_1000L + i, ANSWER, PATIENCE, paths);
            hosts.add(host);
            Thread thread = new Thread(() -> run(host, number), "paths-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(MultipathInitiator host, int number) {
        int[] values = new int[AREAS];
        try {
            Random random = new Random(number);
            for (int value = 1; !ended; value++) {
                int area = random.nextInt(AREAS);
                if (values[area] > 0) {
                    verify(host, number, area, values[area]);
                }
                write(host, number, area, value);
                values[area] = value;
            }
            for (int area = 0; area < AREAS; area++) {
                if (values[area] > 0) {
                    verify(host, number, area, values[area]);
                }
            }
        } catch (IOException | RuntimeException | Error wrong) {
            failure.compareAndSet(null, wrong);
        } finally {
            host.close();
        }
    }

    private static long lba(int number, int area) {
        return ((long) number * AREAS + area) * BLOCKS;
    }

    private void write(MultipathInitiator host, int number, int area, int value) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(BLOCKS * BLOCK);
        while (data.hasRemaining()) {
            data.putInt(value);
        }
        timed(host, Cdb.write10(lba(number, area), BLOCKS), data.array(), 0);
        done.incrementAndGet();
    }

    private void verify(MultipathInitiator host, int number, int area, int value) throws IOException {
        ByteBuffer seen =
                ByteBuffer.wrap(timed(host, Cdb.read10(lba(number, area), BLOCKS), null, (long) BLOCKS * BLOCK));
        while (seen.hasRemaining()) {
            assertEquals("host " + number + " area " + area + " at " + seen.position(), value, seen.getInt());
        }
    }

    private byte[] timed(MultipathInitiator host, byte[] cdb, byte[] out, long in) throws IOException {
        long begun = System.nanoTime();
        ScsiResult result = host.execute(cdb, out, in);
        longestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
        return result.expectGood();
    }

    /** Waits until so many more writes have been acknowledged. */
    void goesOn(int writes, Duration limit) throws InterruptedException {
        long wanted = done.get() + writes;
        long deadline = System.nanoTime() + limit.toNanos();
        while (done.get() < wanted) {
            check();
            assertTrue("nothing goes on for " + limit, System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
        check();
    }

    /** Returns the longest time that a command has taken since the last call. */
    Duration longest() {
        return Duration.ofNanos(longestNanos.getAndSet(0));
    }

    long done() {
        return done.get();
    }

    private void check() {
        if (failure.get() != null) {
            throw new AssertionError("the load has failed: " + failure.get(), failure.get());
        }
    }

    /** Ends; everything is read once more before. */
    @Override
    public void close() {
        ended = true;
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
                assertFalse(thread + " does not end", thread.isAlive());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
        check();
    }
}
