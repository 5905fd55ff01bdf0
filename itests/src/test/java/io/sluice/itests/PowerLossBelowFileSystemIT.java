package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeNoException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.itests.powerloss.FileSystem;
import io.sluice.itests.powerloss.LoggedFile;
import io.sluice.itests.powerloss.PowerLoss;
import io.sluice.itests.powerloss.WriteLog;
import io.sluice.testkit.durability.Damage;
import io.sluice.testkit.durability.DiskModel;
import io.sluice.testkit.durability.Mix;
import io.sluice.testkit.durability.Operation;
import io.sluice.testkit.durability.Recording;
import io.sluice.testkit.durability.Rule;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.Before;
import org.junit.Test;

/**
 * The storage below the file system of a whole gateway loses its power: disks, configuration and state of units, with what
 * WRITE ATOMIC keeps aside, are there as they were promised to initiators and to the operator. More states with
 * {@code -Dpowerloss.whole=200}.
 */
public class PowerLossBelowFileSystemIT {

    private static final int STATES = Integer.getInteger("powerloss.whole", 40);
    private static final int STARTS = 3;
    private static final long SEED = Long.getLong("powerloss.seed", System.nanoTime());
    private static final int FILE_SYSTEM_BYTES = 64 << 20;
    private static final int DISK_BYTES = 4 << 20;
    private static final int BLOCK = 512;

    /** What the disk below writes whole: ext4 takes it that its super block of 1 KiB is never there in half. */
    private static final int SECTOR = 4096;

    private static final int MAX_BYTES = 128 << 10;
    private static final int TARGETS = 6;
    private static final int SABOTAGED = 10;
    private static final long LOAD_MILLIS = 2000;
    private static final int PIECE = 256;
    private static final String PLAIN = "iqn.2026-11.io.sluice:plain";
    private static final String ATOMIC = "iqn.2026-11.io.sluice:atomic";
    private static final String RESERVED = "iqn.2026-11.io.sluice:reserved";

    /** Without what a file alone does not show, because its other half is in the state of the unit. */
    private static final Map<Operation, Integer> WITHOUT_ATOMIC = Map.of(
            Operation.WRITE, 40,
            Operation.WRITE_FUA, 12,
            Operation.WRITE_SAME, 4,
            Operation.UNMAP, 6,
            Operation.SYNCHRONIZE_CACHE, 10);

    private final Random random = new Random(SEED);
    private final AtomicLong clock = new AtomicLong();
    private final DiskModel plain = new DiskModel(0, BLOCK, DISK_BYTES / BLOCK, true, true, clock);
    private final DiskModel atomic = new DiskModel(1, BLOCK, DISK_BYTES / BLOCK, true, true, clock);
    private final Sluice sluice = new Sluice();

    /** How long the log was when the creation of a target had been reported. */
    private final Map<String, Long> created = new TreeMap<>();

    private Reserver reserver;
    private Path kept;

    /** What is done with a gateway whose storage is that file. */
    private interface Load {
        void run(LoggedFile storage) throws Exception;
    }

    /** The gateway runs, and is stopped before the file system below it goes, whatever happens. */
    private final class Life implements AutoCloseable {

        Life() throws IOException {
            Tool.Result started = sluice.start();
            if (started.exit() == 2) {
                sluice.stop();
            }
            started.expectSuccess();
        }

        void expectNoProblem() throws IOException {
            sluice.script("status").expectSuccess();
        }

        @Override
        public void close() throws IOException {
            Tool.Result stopped = sluice.stop();
            if (stopped.exit() != 0 && Files.exists(sluice.folder().resolve("data/sluice.pid"))) {
                sluice.kill();
            }
            stopped.expectSuccess();
        }
    }

    @Before
    public void prepare() throws IOException {
        sluice.prepare();
        kept = sluice.folder().resolve("kept");
    }

    @Test
    public void whatWasPromisedIsThereWhenThePowerGoes() throws Exception {
        WriteLog log = live(this::everything, kept.resolve("state"));
        long[] reached = log.reached(BLOCK);
        int[] cuts = IntStream.concat(random.ints(STATES, begin(reached), reached.length + 1), answers(log))
                .sorted()
                .toArray();
        PowerLoss loss = new PowerLoss(log, FILE_SYSTEM_BYTES, SECTOR, random);
        int every = cuts.length / STARTS;
        for (int i = 0; i < cuts.length; i++) {
            boolean start = i % every == every - 1;
            look(state(loss, cuts[i]), log, cuts[i], reached[cuts[i] - 1], start);
        }
        System.out.printf(
                "power lost below a file system in %d states, %d of them started, seed %d: %d requests, %d flushes, %d events%n",
                cuts.length, STARTS, SEED, reached.length, log.flushes(), clock.get());
    }

    /** The check sees it when what a gateway says to be forced, a folder or a file, is not. */
    @Test
    public void whatWasNotForcedIsMissed() throws Exception {
        // What is forced there takes everything of a file system with it.
        WriteLog log = live(this::withoutForce, sluice.folder().resolve("state"));
        PowerLoss loss = new PowerLoss(log, FILE_SYSTEM_BYTES, SECTOR, random);
        int missing = 0;
        for (int cut : answers(log).sorted().toArray()) {
            try (FileSystem mounted = FileSystem.mount(state(loss, cut), kept)) {
                missing += missing(mounted, log, cut).isEmpty() ? 0 : 1;
            }
        }
        long[] reached = log.reached(BLOCK);
        int damaged = 0;
        int[] cuts = random.ints(SABOTAGED, begin(reached), reached.length + 1)
                .sorted()
                .toArray();
        for (int cut : cuts) {
            try (FileSystem mounted = FileSystem.mount(state(loss, cut), kept)) {
                damaged += onDisk(mounted, reached[cut - 1]).none() ? 0 : 1;
            }
        }
        System.out.printf(
                "nothing forced, seed %d: targets are missing in %d of %d states, blocks in %d of %d%n",
                SEED, missing, created.size(), damaged, SABOTAGED);
        assertTrue("targets are missing", missing > 0);
        assertTrue("blocks are missing", damaged > 0);
    }

    /** Returns the first cut behind which there is something to judge. */
    private static int begin(long[] reached) {
        return (int) LongStream.of(reached).takeWhile(time -> time == 0).count() + 1;
    }

    /** Returns a cut just behind each creation of a target. */
    private IntStream answers(WriteLog log) {
        return created.values().stream().mapToInt(log::within);
    }

    private Path state(PowerLoss loss, int cut) throws IOException {
        return Files.write(sluice.folder().resolve("state.img"), loss.at(cut).array());
    }

    /** Everything that an operator backs up is there, but perhaps the state. */
    private void keepOn(FileSystem mounted, Path state) {
        Path root = mounted.root();
        sluice.environment("KARAF_ETC", root.resolve("etc").toString());
        sluice.environment("SLUICE_STATE", state.toString());
        sluice.environment("SLUICE_VOLUMES", root.resolve("volumes").toString());
    }

    /**
     * A life of the gateway; returns what its storage was told.
     *
     * @param state where the state of disks is
     */
    private WriteLog live(Load load, Path state) throws Exception {
        try (LoggedFile storage = new LoggedFile(sluice.folder(), "fs.img", FILE_SYSTEM_BYTES)) {
            try {
                FileSystem.make(storage.path());
            } catch (IOException refused) {
                System.out.println("no file system can be made in a file on this machine: " + refused.getMessage());
                assumeNoException(refused);
            }
            try (FileSystem mounted = FileSystem.mount(storage.path(), kept)) {
                keepOn(mounted, state);
                try (Life life = new Life()) {
                    life.expectNoProblem();
                    load.run(storage);
                }
            }
            storage.finish();
            return storage.log();
        }
    }

    private void everything(LoggedFile storage) throws Exception {
        sluice.console("target:create " + PLAIN + " --file plain.img --size 4M; target:create " + ATOMIC
                + " --file atomic.img --size 4M; target:create " + RESERVED + " --file reserved.img --size 1M");
        Recording first = record(PLAIN, plain, new Mix(WITHOUT_ATOMIC, MAX_BYTES / BLOCK));
        Recording second = record(ATOMIC, atomic, Mix.everything(MAX_BYTES / BLOCK));
        reserver = new Reserver(sluice, RESERVED, null).clockedBy(plain::sending);
        reserver.start();
        createTargets(storage);
        first.stop();
        second.stop();
        reserver.end();
        assertEquals(List.of(), first.unexpected());
        assertEquals(List.of(), second.unexpected());
    }

    private void withoutForce(LoggedFile storage) throws Exception {
        sluice.console("target:create " + PLAIN + " --file plain.img --size 4M");
        try (FailingCalls folder = leaveOut(kept.resolve("etc"))) {
            createTargets(storage);
            assertTrue("the folder was to be forced", folder.count() > 0);
        }
        try (FailingCalls disk = leaveOut(kept.resolve("volumes/plain.img"))) {
            Recording recording = record(PLAIN, plain, new Mix(WITHOUT_ATOMIC, MAX_BYTES / BLOCK));
            new CountDownLatch(1).await(LOAD_MILLIS, TimeUnit.MILLISECONDS);
            recording.stop();
            assertEquals(List.of(), recording.unexpected());
            assertTrue("the disk was to be flushed", disk.count() > 0);
        }
    }

    private FailingCalls leaveOut(Path file) throws IOException {
        try {
            return FailingCalls.each(sluice.pid(), file, "fdatasync,fsync", "retval=0");
        } catch (IOException refused) {
            System.out.println("flushes cannot be left out on this machine: " + refused.getMessage());
            assumeNoException(refused);
            throw refused;
        }
    }

    private void createTargets(LoggedFile storage) throws IOException {
        for (int i = 0; i < TARGETS; i++) {
            String name = "iqn.2026-11.io.sluice:made-" + i;
            sluice.console("target:create " + name);
            created.put(name, storage.logBytes());
        }
    }

    private Recording record(String target, DiskModel model, Mix mix) throws IOException {
        return Recording.begin(
                new Recording.Setup(sluice.portal(), target, 0, 2, random.nextLong(), mix, false), model);
    }

    private void look(Path image, WriteLog log, int cut, long time, boolean start) throws Exception {
        try (FileSystem mounted = FileSystem.mount(image, kept)) {
            expectIntact(onDisk(mounted, time));
            assertEquals("targets that are missing", Set.of(), missing(mounted, log, cut));
            if (start) {
                try (Life life = new Life()) {
                    life.expectNoProblem();
                    expectIntact(read(PLAIN, plain, time));
                    expectIntact(read(ATOMIC, atomic, time));
                    reserver.checkAt(time);
                }
            }
        }
        FileSystem.check(image);
    }

    private Damage onDisk(FileSystem mounted, long time) throws IOException {
        byte[] disk = Files.readAllBytes(mounted.root().resolve("volumes/plain.img"));
        return plain.check(lba -> ByteBuffer.wrap(disk, (int) lba * BLOCK, BLOCK), Rule.FENCED, time);
    }

    /** Returns the targets whose creation had been reported before the cut and that are not configured. */
    private Set<String> missing(FileSystem mounted, WriteLog log, int cut) throws IOException {
        Set<String> missing = new TreeSet<>();
        created.forEach((name, length) -> {
            if (log.within(length) <= cut) {
                missing.add(name);
            }
        });
        JsonNode document = new ObjectMapper()
                .readTree(mounted.root().resolve("etc/gateway.json").toFile());
        document.get("targets")
                .forEach(target -> missing.remove(target.get("name").asText()));
        return missing;
    }

    private Damage read(String target, DiskModel model, long time) throws IOException {
        byte[] disk = new byte[DISK_BYTES];
        try (TestInitiator initiator = TestInitiator.connect(sluice.portal()).login(target)) {
            initiator.execute(0, new byte[6], null, 0);
            for (int lba = 0; lba < model.blocks(); lba += PIECE) {
                byte[] piece = initiator.read10(0, lba, PIECE, BLOCK);
                System.arraycopy(piece, 0, disk, lba * BLOCK, piece.length);
            }
            initiator.logout();
        }
        return model.check(lba -> ByteBuffer.wrap(disk, (int) lba * BLOCK, BLOCK), Rule.FENCED, time);
    }

    private static void expectIntact(Damage damage) {
        assertTrue(damage.toString(), damage.none());
    }
}
