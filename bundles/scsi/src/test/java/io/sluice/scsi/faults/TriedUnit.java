package io.sluice.scsi.faults;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.target.CopyDomain;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.testkit.VolatileBackstore;
import io.sluice.volume.Volume;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** A unit at LUN 0 over a store of the test, another one at LUN 1 over a store that is well, and an initiator of both. */
final class TriedUnit {

    static final BlockGeometry GEOMETRY = new BlockGeometry(Script.BLOCKS, Script.BLOCK, 4096);
    private static final UnitIdentity OTHER = new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f8aa", "other");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ScsiTarget target = new ScsiTarget(TestUnit.TARGET);
    private final CopyDomain copies = new CopyDomain();
    private final Volume volume = TestUnit.volume("tried", GEOMETRY);
    private final TestInitiator initiator;
    private final List<TestTask> tasks = new ArrayList<>();

    TriedUnit(Backstore store, UnitStateStore state) {
        map(0, volume, TestUnit.IDENTITY, state, store);
        Volume well = TestUnit.volume("other", GEOMETRY);
        map(1, well, OTHER, UnitStateStore.NONE, new VolatileBackstore(GEOMETRY));
        initiator = TestInitiator.at(target, 1, TestInitiator.HOST, NexusRights.ALL);
    }

    private void map(int lun, Volume where, UnitIdentity identity, UnitStateStore state, Backstore store) {
        UnitState loaded;
        try {
            loaded = state.load();
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        target.map(
                lun,
                new LogicalUnit(where, identity, new UnitOptions(true, false, false), state, loaded, copies),
                false);
        join(where.attach(store));
    }

    private static void join(CompletionStage<Void> stage) {
        stage.toCompletableFuture()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    Volume volume() {
        return volume;
    }

    /** Performs a command of the script, and waits for its one end. */
    TestTask perform(int lun, Step step, ExpectedBlocks expected) {
        TestTask task = initiator.task(lun, step.cdb(), step.data().apply(expected));
        tasks.add(task);
        return initiator.send(task).await(PATIENCE);
    }

    /** Reads all blocks; null if that is refused. */
    IntFunction<byte[]> readAll() {
        TestTask read = initiator
                .run(0, "28 00 00 00 00 00 00 " + TestUnit.hex(Script.BLOCKS, 2) + " 00")
                .await(PATIENCE);
        if (read.status() != Status.GOOD) {
            return null;
        }
        byte[] all = read.data();
        return block -> Arrays.copyOfRange(all, block * Script.BLOCK, (block + 1) * Script.BLOCK);
    }

    /** The operator opens other storage in the place of this, and the initiator takes note. */
    void reopen(Backstore store) {
        join(volume.detach("on purpose"));
        volume.trust();
        join(volume.attach(store));
        initiator.run(0, "03 00 00 00 ff 00").expectGood();
    }

    /** Nothing that a command had is kept by anybody. */
    void expectNothingLeft() {
        tasks.forEach(task -> task.expectKept(0));
        if (volume.status().running() != 0 || volume.status().held() != 0) {
            throw new AssertionError("operations are left: " + volume.status());
        }
    }

    /** Ends the session, which waits for its tasks. */
    void close() {
        join(target.close(initiator.nexus));
    }
}
