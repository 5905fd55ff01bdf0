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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.After;
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
    private static final int MAX_BYTES = 128 << 10;
    private static final int TARGETS = 6;
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
    private final NavigableMap<Long, String> created = new TreeMap<>();
    private Reserver reserver;
    private Path kept;
    private boolean runs;

    @After
    public void end() throws IOException {
        if (runs) {
            sluice.stop();
        }
    }

    @Test
    public void whatWasPromisedIsThereWhenThePowerGoes() throws Exception {
        sluice.prepare();
        kept = sluice.folder().resolve("kept");
        WriteLog log;
        try (LoggedFile file = new LoggedFile(sluice.folder(), "fs.img", FILE_SYSTEM_BYTES)) {
            live(file.path());
            file.finish();
            log = file.log();
        }
        long[] reached = log.reached(BLOCK);
        int begin = 0;
        while (reached[begin] == 0) {
            begin++;
        }
        int[] cuts = random.ints(STATES, begin + 1, reached.length + 1).sorted().toArray();
        PowerLoss loss = new PowerLoss(log, FILE_SYSTEM_BYTES, BLOCK, random);
        Path image = sluice.folder().resolve("state.img");
        for (int i = 0; i < cuts.length; i++) {
            Files.write(image, loss.at(cuts[i]).array());
            look(image, reached[cuts[i] - 1], i % (STATES / STARTS) == STATES / STARTS - 1);
        }
        System.out.printf(
                "power lost below a file system in %d states, %d of them started, seed %d: %d requests, %d flushes, %d events%n",
                STATES, STARTS, SEED, reached.length, log.flushes(), clock.get());
    }

    /** Everything that an operator backs up is there. */
    private void keepOn(FileSystem mounted) {
        Path root = mounted.root();
        sluice.environment("KARAF_ETC", root.resolve("etc").toString());
        sluice.environment("SLUICE_STATE", root.resolve("state").toString());
        sluice.environment("SLUICE_VOLUMES", root.resolve("volumes").toString());
    }

    /** A life of the gateway. */
    private void live(Path file) throws Exception {
        try {
            FileSystem.make(file);
        } catch (IOException refused) {
            System.out.println("no file system can be made in a file on this machine: " + refused.getMessage());
            assumeNoException(refused);
        }
        try (FileSystem mounted = FileSystem.mount(file, kept)) {
            keepOn(mounted);
            sluice.start().expectSuccess();
            runs = true;
            sluice.console("target:create " + PLAIN + " --file plain.img --size 4M; target:create " + ATOMIC
                    + " --file atomic.img --size 4M; target:create " + RESERVED + " --file reserved.img --size 1M");
            Recording first = record(PLAIN, plain, new Mix(WITHOUT_ATOMIC, MAX_BYTES / BLOCK));
            Recording second = record(ATOMIC, atomic, Mix.everything(MAX_BYTES / BLOCK));
            reserver = new Reserver(sluice, RESERVED, null).clockedBy(plain::sending);
            reserver.start();
            for (int i = 0; i < TARGETS; i++) {
                String name = "iqn.2026-11.io.sluice:made-" + i;
                sluice.console("target:create " + name);
                created.put(plain.sending(), name);
            }
            first.stop();
            second.stop();
            reserver.end();
            assertEquals(List.of(), first.unexpected());
            assertEquals(List.of(), second.unexpected());
            sluice.stop().expectSuccess();
            runs = false;
        }
    }

    private Recording record(String target, DiskModel model, Mix mix) throws IOException {
        return Recording.begin(
                new Recording.Setup(sluice.portal(), target, 0, 2, random.nextLong(), mix, false), model);
    }

    private void look(Path image, long time, boolean start) throws Exception {
        try (FileSystem mounted = FileSystem.mount(image, kept)) {
            byte[] disk = Files.readAllBytes(mounted.root().resolve("volumes/plain.img"));
            expectIntact(plain.check(lba -> ByteBuffer.wrap(disk, (int) lba * BLOCK, BLOCK), Rule.FENCED, time));
            Set<String> names = new HashSet<>();
            JsonNode document = new ObjectMapper()
                    .readTree(mounted.root().resolve("etc/gateway.json").toFile());
            document.get("targets")
                    .forEach(target -> names.add(target.get("name").asText()));
            for (String name : new ArrayList<>(created.headMap(time, true).values())) {
                assertTrue(name + " is in " + names, names.contains(name));
            }
            if (start) {
                sluice.start().expectSuccess();
                runs = true;
                sluice.script("status").expectSuccess();
                expectIntact(read(PLAIN, plain, time));
                expectIntact(read(ATOMIC, atomic, time));
                reserver.checkAt(time);
                sluice.stop().expectSuccess();
                runs = false;
            }
        }
        FileSystem.check(image);
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
