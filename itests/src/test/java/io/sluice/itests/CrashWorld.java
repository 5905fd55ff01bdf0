package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.durability.Damage;
import io.sluice.testkit.durability.DiskAudit;
import io.sluice.testkit.durability.DiskModel;
import io.sluice.testkit.durability.Mix;
import io.sluice.testkit.durability.Recording;
import io.sluice.testkit.durability.Rule;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a gateway has to keep while it is ended in one way or another: two disks under recorded load, one with a write cache
 * and blocks of 512 bytes, one without and with blocks of 4,096; a persistent reservation, and targets.
 */
final class CrashWorld {

    static final String CACHED = "iqn.2026-11.io.sluice:cached";
    static final String THROUGH = "iqn.2026-11.io.sluice:through";
    private static final String RESERVED = "iqn.2026-11.io.sluice:reserved";

    private static final int MEBIBYTES = 16;
    private static final int MAX_BYTES = 1 << 20;
    private static final int CACHED_SESSIONS = 6;
    private static final int THROUGH_SESSIONS = 2;

    private final Sluice sluice;
    private final DiskModel cached = new DiskModel(0, 512, (MEBIBYTES << 20) / 512, true);
    private final DiskModel through = new DiskModel(1, 4096, (MEBIBYTES << 20) / 4096, false);
    private final TreeSet<String> targets = new TreeSet<>(List.of(CACHED, THROUGH, RESERVED));
    private final List<Recording> recordings = new ArrayList<>();
    private byte[] before;
    private Reserver reserver;
    private long operations;

    CrashWorld(Sluice sluice) throws IOException {
        this.sluice = sluice;
        sluice.console("target:create " + CACHED + " --file cached.img --size " + MEBIBYTES + "M; backstore:create file"
                + " through --path through.img --block-size 4096 --size " + MEBIBYTES + "M; target:create " + THROUGH
                + " --backstore through; target:create " + RESERVED + " --file reserved.img --size 1M");
        writeThrough();
    }

    /** Turns the write cache off, and has that saved. */
    private void writeThrough() throws IOException {
        try (TestInitiator initiator = TestInitiator.connect(sluice.portal()).login(THROUGH)) {
            initiator.execute(0, new byte[6], null, 0);
            byte[] page = initiator
                    .execute(0, new byte[] {0x1A, 0x08, 0x08, 0, (byte) 0xFF, 0}, null, 255)
                    .data();
            page[0] = 0;
            page[2] = 0;
            page[4] &= 0x7F;
            page[6] &= ~0x04;
            initiator
                    .execute(0, new byte[] {0x15, 0x11, 0, 0, (byte) page.length, 0}, page, 0)
                    .expectGood();
            initiator.logout();
        }
    }

    /** Begins the load. */
    void begin(long seed) throws IOException {
        before = Files.readAllBytes(sluice.volumes().resolve("cached.img"));
        recordings.clear();
        recordings.add(Recording.begin(setup(CACHED, cached, CACHED_SESSIONS, seed), cached));
        recordings.add(Recording.begin(setup(THROUGH, through, THROUGH_SESSIONS, seed + 1), through));
        reserver = new Reserver(sluice, RESERVED, reserver);
        reserver.start();
    }

    private Recording.Setup setup(String target, DiskModel model, int sessions, long seed) {
        Mix mix = Mix.everything(MAX_BYTES / model.blockBytes());
        return new Recording.Setup(sluice.portal(), target, 0, sessions, seed, mix, false);
    }

    /** A target that somebody creates; it has to be there from now on. */
    void keep(String target) {
        targets.add(target);
    }

    /** Stops the load. */
    void stopLoad() throws InterruptedException {
        for (Recording recording : recordings) {
            recording.stop();
        }
        reserver.end();
        expectNothingOdd();
    }

    /** Waits until the load has seen that the gateway has gone. */
    void awaitLoss() throws InterruptedException {
        for (Recording recording : recordings) {
            recording.await();
        }
        reserver.end();
        expectNothingOdd();
    }

    private void expectNothingOdd() {
        for (Recording recording : recordings) {
            assertEquals(List.of(), recording.unexpected());
            assertEquals(0, recording.aborted());
            operations += recording.done();
        }
    }

    /** Fails if a command has gone wrong so far. */
    void check() {
        recordings.forEach(Recording::check);
    }

    /** Returns how many operations all sessions have done in all. */
    long operations() {
        return operations + recordings.stream().mapToLong(Recording::done).sum();
    }

    /** Everything is there that has to be, and on a disk as it was before the load something would be missing. */
    void audit(Rule rule) throws IOException {
        assertFalse(
                "an old disk is not seen",
                cached.check(this::before, rule, Long.MAX_VALUE).none());
        expectIntact(CACHED, DiskAudit.run(setup(CACHED, cached, 0, 0), cached, rule));
        expectIntact(THROUGH, DiskAudit.run(setup(THROUGH, through, 0, 0), through, rule));
        reserver.check();
        try (TestInitiator initiator = TestInitiator.connect(sluice.portal()).loginDiscovery()) {
            String found = initiator.text(Map.of("SendTargets", "All"));
            for (String target : targets) {
                assertTrue(target + " has gone", found.contains("TargetName=" + target + "\0"));
            }
        }
    }

    private ByteBuffer before(long lba) {
        return ByteBuffer.wrap(before, (int) lba * cached.blockBytes(), cached.blockBytes());
    }

    private static void expectIntact(String disk, Damage damage) {
        assertTrue(disk + ": " + damage, damage.none());
    }
}
