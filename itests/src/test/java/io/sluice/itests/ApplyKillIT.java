package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/**
 * A process that is killed while a document is applied: all of it is there afterwards, or nothing, what was served before is
 * served, and the same document can be applied again.
 */
public class ApplyKillIT {

    private static final String KEPT = "iqn.2026-11.io.sluice:kept";
    private static final String TARGET = "iqn.2026-11.io.sluice:t";
    private static final int TARGETS = 300;
    private static final int BLOCK = 512;
    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** How many files of disks are there when the process is killed. */
    private static final int[] MOMENTS = {1, TARGETS / 2, TARGETS};

    @Rule
    public final Sluice sluice = new Sluice().light();

    private void write() throws IOException {
        StringJoiner stores = new StringJoiner(", ");
        StringJoiner targets = new StringJoiner(", ");
        for (int i = 0; i < TARGETS; i++) {
            stores.add("{\"name\": \"a" + i + "\", \"type\": \"file\", \"sizeBytes\": 1048576,"
                    + " \"options\": {\"path\": \"many/a" + i + ".img\"}}");
            targets.add("{\"name\": \"" + TARGET + i + "\", \"luns\": [{\"lun\": 0, \"backstore\": \"a" + i + "\"}]}");
        }
        Files.writeString(
                sluice.etc().resolve("all.json"),
                "{\"version\": 1, \"part\": true, \"backstores\": [" + stores + "], \"targets\": [" + targets + "]}");
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(sluice.volumes().resolve("many"))) {
            return files.filter(file -> file.toString().endsWith(".img")).count();
        }
    }

    private long targets() throws IOException {
        return sluice.console("target:list")
                .lines()
                .filter(line -> line.contains(TARGET))
                .count();
    }

    @Test
    public void allOfItOrNothing() throws Exception {
        sluice.console("target:create " + KEPT + " --file kept.img --size 1M");
        byte[] data = new byte[BLOCK];
        data[0] = 1;
        try (TestInitiator host = TestInitiator.connect(sluice.portal()).login(KEPT)) {
            host.execute(0, new byte[6], null, 0);
            host.write10(0, 0, data, BLOCK);
        }
        Files.createDirectories(sluice.volumes().resolve("many"));
        write();
        for (int moment : MOMENTS) {
            killAt(moment);
            sluice.start().expectSuccess();
            long there = targets();
            System.out.println("killed with " + moment + " files: " + there + " targets");
            assertTrue(there + " targets", there == 0 || there == TARGETS);
            try (TestInitiator host = TestInitiator.connect(sluice.portal()).login(KEPT)) {
                host.execute(0, new byte[6], null, 0);
                assertEquals(1, host.read10(0, 0, 1, BLOCK)[0]);
            }
            if (there == TARGETS) {
                break;
            }
        }
        sluice.console("gateway:apply all.json");
        assertEquals(TARGETS, targets());
    }

    private void killAt(int moment) throws Exception {
        CompletableFuture<Tool.Result> applied = CompletableFuture.supplyAsync(() -> {
            try {
                return sluice.script("client", "gateway:apply all.json");
            } catch (IOException cut) {
                throw new UncheckedIOException(cut);
            }
        });
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (files() < moment) {
            assertTrue("it does not get so far", System.nanoTime() < deadline);
            if (applied.isDone()) {
                applied.join().expectSuccess();
            }
        }
        sluice.kill();
        applied.handle((done, cut) -> null).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
