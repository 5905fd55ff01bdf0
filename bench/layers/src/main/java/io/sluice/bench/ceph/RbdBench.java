package io.sluice.bench.ceph;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.backstore.rbd.RbdBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.TestContext;
import io.sluice.testkit.ceph.CephCluster;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/**
 * Measures the backstore of RBD images alone beside {@code rbd bench}, on a Ceph cluster of this machine that keeps its data in
 * memory: 4 KiB at random places, 32 under way. Then runs the command that it was given, which finds the cluster by
 * {@code CEPH_CONF}, with images {@code straight} and {@code gateway} of 512 MiB, both written.
 */
public final class RbdBench {

    private static final long IMAGE_BYTES = 512L << 20;
    private static final int BYTES = 4096;
    private static final int DEPTH = 32;
    private static final int ROUNDS = 5;
    private static final int WARM_SECONDS = 5;
    private static final int SECONDS = 3;
    private static final Pattern RATE = Pattern.compile("ops/sec: ([\\d.]+)");

    private final CephCluster ceph;

    private RbdBench(CephCluster ceph) {
        this.ceph = ceph;
    }

    /** Measures, and ends as the command does that the words are, if there are any. */
    public static void main(String[] command) throws Throwable {
        CephCluster ceph = new CephCluster(CephCluster.Store.MEMORY);
        int[] status = {0};
        ceph.apply(
                        new Statement() {
                            @Override
                            public void evaluate() throws Exception {
                                new RbdBench(ceph).measure();
                                status[0] = command.length == 0 ? 0 : run(ceph, command);
                            }
                        },
                        Description.EMPTY)
                .evaluate();
        System.exit(status[0]);
    }

    private static int run(CephCluster ceph, String[] command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("CEPH_CONF", ceph.conf().toString());
        return builder.start().waitFor();
    }

    private void measure() throws Exception {
        for (String image : new String[] {"alone", "straight", "gateway"}) {
            ceph.rbd("create", "--size", (IMAGE_BYTES >> 20) + "M", image);
            ceph.rbd("bench", "--io-type", "write", "--io-size", "4M", "--io-total", IMAGE_BYTES + "", image);
        }
        System.out.println("| case | rbd bench IOPS | store alone IOPS | of rbd bench |");
        System.out.println("|---|---|---|---|");
        for (boolean writes : new boolean[] {false, true}) {
            measure(writes);
        }
        System.out.println();
    }

    private void measure(boolean writes) throws Exception {
        long total = IMAGE_BYTES / 8;
        double[] theirs = new double[ROUNDS];
        double[] ours = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double rate = theirRate(writes, total);
            total = Math.max(total, (long) (rate * BYTES * SECONDS));
            theirs[round] = rate;
            ours[round] = ourRate(writes, round == 0 ? WARM_SECONDS : 1);
        }
        double[] ratios = IntStream.range(0, ROUNDS)
                .mapToDouble(round -> ours[round] / theirs[round])
                .sorted()
                .toArray();
        System.out.printf(
                "| 4 KiB random %s, depth 32 | %.0f | %.0f | %.2f (%.2f–%.2f) |%n",
                writes ? "write" : "read",
                median(theirs),
                median(ours),
                ratios[ROUNDS / 2],
                ratios[0],
                ratios[ROUNDS - 1]);
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private double theirRate(boolean writes, long totalBytes) {
        String said = ceph.rbd(
                "bench",
                "--io-type",
                writes ? "write" : "read",
                "--io-size",
                BYTES + "",
                "--io-threads",
                DEPTH + "",
                "--io-pattern",
                "rand",
                "--io-total",
                totalBytes + "",
                "--rbd-cache=false",
                "alone");
        Matcher rate = RATE.matcher(said);
        if (!rate.find()) {
            throw new IllegalStateException(said);
        }
        return Double.parseDouble(rate.group(1));
    }

    private double ourRate(boolean writes, int warmSeconds) throws Exception {
        BackstoreProvider provider = new RbdBackstoreProvider();
        try (TestContext context = new TestContext("alone")) {
            BackstoreConfig config = BackstoreConfig.builder("alone", provider.type())
                    .sizeBytes(IMAGE_BYTES)
                    .thin(true)
                    .blockSize(BYTES)
                    .physicalBlockSize(BYTES)
                    .options(Map.of("image", "alone", "conf", ceph.conf().toString()))
                    .build();
            BackstoreConfig complete = result(provider.create(config, context));
            Backstore store = result(provider.open(complete, context));
            try {
                load(store, writes, warmSeconds);
                return load(store, writes, SECONDS);
            } finally {
                result(store.close());
            }
        }
    }

    private static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Returns how many requests a second were answered. */
    private static double load(Backstore store, boolean writes, int seconds) throws Exception {
        Random random = new Random(1);
        ByteBuffer[] free = new ByteBuffer[DEPTH];
        Arrays.setAll(free, i -> ByteBuffer.allocateDirect(BYTES));
        Semaphore places = new Semaphore(DEPTH);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        boolean[] busy = new boolean[DEPTH];
        long begun = System.nanoTime();
        long end = begun + TimeUnit.SECONDS.toNanos(seconds);
        long requests = 0;
        while (System.nanoTime() < end && failure.get() == null) {
            places.acquire();
            int place = take(busy);
            long lba = random.nextInt((int) (IMAGE_BYTES / BYTES));
            ByteBuffer buffer = free[place].clear();
            CompletionStage<Void> operation =
                    writes ? store.write(lba, new ByteBuffer[] {buffer}, Durability.CACHED) : store.read(lba, buffer);
            requests++;
            operation.whenComplete((done, failed) -> {
                if (failed != null) {
                    failure.set(failed);
                }
                synchronized (busy) {
                    busy[place] = false;
                }
                places.release();
            });
        }
        if (!places.tryAcquire(DEPTH, 60, TimeUnit.SECONDS) || failure.get() != null) {
            throw new IllegalStateException("the store does not answer", failure.get());
        }
        return requests * 1e9 / (System.nanoTime() - begun);
    }

    private static int take(boolean[] busy) {
        synchronized (busy) {
            for (int place = 0; place < busy.length; place++) {
                if (!busy[place]) {
                    busy[place] = true;
                    return place;
                }
            }
        }
        throw new IllegalStateException("no place is free");
    }
}
