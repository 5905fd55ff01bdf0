package io.sluice.itests;

import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sessions that write and read 4 KiB, each in a part of the disk of its own, and check that what is read is what was written
 * last. Each session is a thread with one command under way.
 */
public final class VerifiedLoad implements AutoCloseable {

    private static final int BLOCK = 512;
    private static final int BLOCKS = 8;
    private static final int AREAS = 64;

    private final Duration pause;
    private final List<Thread> sessions = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicLong done = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);

    /** What a while of the load has come to. */
    public record Figures(double perSecond, long p99Micros, long longestMicros) {}

    /** Begins; the disk needs 256 KiB for each session. */
    public VerifiedLoad(InetSocketAddress portal, String target, int count) {
        this(portal, target, count, Duration.ZERO);
    }

    /** Begins with a pause behind each write, so that some of the processors is left for others. */
    public VerifiedLoad(InetSocketAddress portal, String target, int count, Duration pause) {
        this(portal, target, 0, count, pause);
    }

    /**
     * As the other one, beside another load on the same disk.
     *
     * @param first number of the first host, which is in its name, and says where its part of the disk is
     */
    public VerifiedLoad(InetSocketAddress portal, String target, int first, int count, Duration pause) {
        this.pause = pause;
        for (int i = first; i < first + count; i++) {
            int number = i;
            Thread session = new Thread(() -> run(portal, target, number), "load-" + i);
            sessions.add(session);
            session.start();
        }
    }

    private void run(InetSocketAddress portal, String target, int number) {
        try (TestInitiator initiator = TestInitiator.connect(portal, Duration.ofSeconds(60), 0)
                .name("iqn.2026-11.io.sluice:load" + number)
                .login(target)) {
            while (initiator.execute(0, new byte[6], null, 0).status() != 0) {
                // One unit attention after the other.
            }
            verify(initiator, number);
        } catch (IOException | InterruptedException | RuntimeException | Error wrong) {
            failure.compareAndSet(null, wrong);
        }
    }

    private void verify(TestInitiator initiator, int number) throws IOException, InterruptedException {
        Random random = new Random(number);
        int[] values = new int[AREAS];
        byte[] data = new byte[BLOCKS * BLOCK];
        while (!stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
            int area = random.nextInt(AREAS);
            long lba = ((long) number * AREAS + area) * BLOCKS;
            long begun = System.nanoTime();
            if (values[area] > 0) {
                byte[] seen = initiator.read10(0, lba, BLOCKS, BLOCK);
                Arrays.fill(data, (byte) values[area]);
                assertEquals("at block " + lba, 0, Arrays.compare(data, seen));
            }
            values[area] = values[area] % 100 + 1;
            Arrays.fill(data, (byte) values[area]);
            initiator.write10(0, lba, data, BLOCK);
            nanos.add(System.nanoTime() - begun);
            done.incrementAndGet();
        }
    }

    /** Returns what the load comes to from now on for a while. Fails if anything was wrong. */
    public Figures over(Duration time) throws InterruptedException {
        nanos.clear();
        long begun = System.nanoTime();
        stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        double seconds = (System.nanoTime() - begun) / 1e9;
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        check();
        if (sorted.length == 0) {
            return new Figures(0, Long.MAX_VALUE, Long.MAX_VALUE);
        }
        return new Figures(
                sorted.length / seconds, sorted[(int) (sorted.length * 0.99)] / 1000, sorted[sorted.length - 1] / 1000);
    }

    /** Returns how many times something was written, read before if it had been written, since the beginning. Fails if anything was wrong. */
    public long done() {
        check();
        return done.get();
    }

    private void check() {
        if (failure.get() != null) {
            throw new AssertionError("the load failed", failure.get());
        }
    }

    @Override
    public void close() {
        stop.countDown();
        for (Thread session : sessions) {
            try {
                session.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        check();
    }
}
