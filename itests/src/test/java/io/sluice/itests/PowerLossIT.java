package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeNoException;

import io.sluice.itests.powerloss.LoggedFile;
import io.sluice.itests.powerloss.PowerLoss;
import io.sluice.itests.powerloss.WriteLog;
import io.sluice.testkit.durability.Damage;
import io.sluice.testkit.durability.DiskModel;
import io.sluice.testkit.durability.Mix;
import io.sluice.testkit.durability.Operation;
import io.sluice.testkit.durability.Recording;
import io.sluice.testkit.durability.Rule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/**
 * The storage of a disk loses its power: of everything that the gateway has told it, only what was flushed is there for sure.
 * Whatever else of it is there, nothing that was fenced for an initiator is lost, torn or there in an older form. Of one
 * recorded load as many states are looked at as one likes: {@code -Dpowerloss.states=10000}, {@code -Dpowerloss.seed}.
 */
public class PowerLossIT {

    private static final int STATES = Integer.getInteger("powerloss.states", 1000);
    private static final long SEED = Long.getLong("powerloss.seed", System.nanoTime());
    private static final long LOAD_MILLIS = 3000;
    private static final int DISK_BYTES = 4 << 20;
    private static final int MAX_BYTES = 256 << 10;
    private static final int SESSIONS = 4;
    private static final String CACHED = "iqn.2026-11.io.sluice:cached";
    private static final String THROUGH = "iqn.2026-11.io.sluice:through";

    /** What a WRITE ATOMIC overwrites is kept with the state of the unit, not on the disk that loses its power here. */
    private static final Map<Operation, Integer> WEIGHTS = Map.of(
            Operation.READ, 10,
            Operation.WRITE, 40,
            Operation.WRITE_FUA, 12,
            Operation.COMPARE_AND_WRITE, 8,
            Operation.WRITE_SAME, 4,
            Operation.UNMAP, 6,
            Operation.SYNCHRONIZE_CACHE, 10);

    @org.junit.Rule
    public final Sluice sluice = new Sluice();

    /** A disk, and what is known of it. */
    private final class Disk implements AutoCloseable {

        private final String target;
        private final LoggedFile file;
        private final DiskModel model;
        private Recording recording;

        Disk(String target, String options, int blockBytes, boolean writeCache) throws IOException {
            this.target = target;
            file = new LoggedFile(sluice.volumes(), target.substring(target.indexOf(':') + 1) + ".img", DISK_BYTES);
            model = new DiskModel(0, blockBytes, DISK_BYTES / blockBytes, writeCache, true, new AtomicLong());
            String name = target.substring(target.indexOf(':') + 1);
            sluice.console("backstore:create file " + name + " --path " + file.path() + " " + options
                    + "; target:create " + target + " --backstore " + name);
        }

        void begin(long seed) throws IOException {
            Mix mix = new Mix(WEIGHTS, MAX_BYTES / model.blockBytes());
            recording =
                    Recording.begin(new Recording.Setup(sluice.portal(), target, 0, SESSIONS, seed, mix, false), model);
        }

        void end() throws InterruptedException {
            recording.stop();
            assertEquals(List.of(), recording.unexpected());
            assertEquals(0, recording.aborted());
        }

        Path path() {
            return file.path();
        }

        /** The gateway has gone; nothing is written any more. */
        void finish() {
            file.close();
        }

        @Override
        public void close() {
            file.close();
        }

        /** Returns in how many states something is wrong, and says what in the first of them. */
        int damaged(int states, Random random) throws IOException {
            WriteLog log = file.log();
            long[] reached = log.reached(model.blockBytes());
            int[] cuts = random.ints(states, 1, reached.length + 1).sorted().toArray();
            PowerLoss loss = new PowerLoss(log, DISK_BYTES, model.blockBytes(), random);
            int damaged = 0;
            for (int cut : cuts) {
                ByteBuffer image = loss.at(cut);
                int size = model.blockBytes();
                Damage damage = model.check(lba -> image.slice((int) lba * size, size), Rule.FENCED, reached[cut - 1]);
                if (!damage.none() && damaged++ == 0) {
                    System.out.println(target + " after " + cut + " of " + reached.length + " requests: " + damage);
                }
            }
            System.out.printf(
                    "%s: power lost in %d states, seed %d: %d operations, %d requests to the disk, %d flushes; %d damaged%n",
                    target, states, SEED, recording.done(), reached.length, log.flushes(), damaged);
            return damaged;
        }
    }

    private static void load() throws InterruptedException {
        new CountDownLatch(1).await(LOAD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Test
    public void whatWasFencedIsThereWhenThePowerGoes() throws Exception {
        Random random = new Random(SEED);
        try (Disk cached = new Disk(CACHED, "", 512, true);
                Disk through = new Disk(THROUGH, "--block-size 4096 --write-through", 4096, false)) {
            cached.begin(random.nextLong());
            through.begin(random.nextLong());
            load();
            cached.end();
            through.end();
            sluice.stop().expectSuccess();
            cached.finish();
            through.finish();
            assertEquals(0, cached.damaged(STATES / 2, random));
            assertEquals(0, through.damaged(STATES - STATES / 2, random));
        }
    }

    /** The check sees it when the gateway says that it has flushed and has not. */
    @Test
    public void aFlushThatIsLeftOutIsFound() throws Exception {
        Random random = new Random(SEED);
        try (Disk cached = new Disk(CACHED, "", 512, true)) {
            try (FailingCalls skipped = FailingCalls.each(sluice.pid(), cached.path(), "fdatasync,fsync", "retval=0")) {
                cached.begin(random.nextLong());
                load();
                cached.end();
                assertTrue("flushes were left out", skipped.count() > 0);
            } catch (IOException refused) {
                System.out.println("flushes cannot be left out on this machine: " + refused.getMessage());
                assumeNoException(refused);
            }
            sluice.stop().expectSuccess();
            cached.finish();
            int damaged = cached.damaged(STATES / 10, random);
            assertTrue(damaged + " states of " + STATES / 10 + " are damaged", damaged > STATES / 20);
        }
    }
}
