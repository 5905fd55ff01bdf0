package io.sluice.scsi.faults;

import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Fault;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.testkit.Saboteurs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.Test;

/** The sweeps find what they are made for. */
public class EngineSabotageTest {

    private static void assertFound(List<String> findings, String reason) {
        assertTrue(reason + " is not among " + findings, findings.contains(reason));
    }

    private static List<String> crashes(UnaryOperator<Backstore> store, UnaryOperator<UnitStateStore> state) {
        return new CrashSweep(store, state).findings();
    }

    @Test
    public void aStoreThatSkipsTheFlush() {
        assertFound(
                crashes(Saboteurs::skipFlushes, UnaryOperator.identity()),
                "after SYNCHRONIZE CACHE(10), after a power loss: blocks 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 hold what they"
                        + " cannot");
    }

    @Test
    public void aStoreThatSkipsTheFlushOfStableWrites() {
        assertFound(
                crashes(Saboteurs::skipStability, UnaryOperator.identity()),
                "after WRITE(10) with FUA, after a power loss: blocks 16 17 18 19 20 21 22 23 hold what they cannot");
    }

    @Test
    public void aStoreThatAcknowledgesEarly() {
        assertFound(
                crashes(Saboteurs::acknowledgeEarly, UnaryOperator.identity()),
                "after WRITE(10) with FUA, after a kill: blocks 16 17 18 19 20 21 22 23 hold what they cannot");
    }

    @Test
    public void anAtomicWriteThatIsNotKeptAside() {
        assertFound(
                crashes(UnaryOperator.identity(), state -> new Sabotaged(state) {
                    @Override
                    public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
                        return Backstore.done();
                    }
                }),
                "before the second half of a write of WRITE ATOMIC(16), after a kill: 2 of 8 blocks are written of an atomic"
                        + " write");
    }

    @Test
    public void anIntentThatIsPlayedTwice() {
        assertTrue(crashes(UnaryOperator.identity(), state -> new Sabotaged(state) {
                    @Override
                    public CompletionStage<Void> clearIntent(long id) {
                        return Backstore.done();
                    }
                })
                .stream()
                .anyMatch(line ->
                        line.startsWith("after WRITE(10) over an atomic write, after a power loss: blocks 48 49")));
    }

    @Test
    public void aLatchThatIsCleared() {
        List<String> findings = new ErrorSweep(Fault.WRITE_FAILED)
                .meddledWithBy(TriedUnit::reopen)
                .findings();
        assertTrue(
                findings.toString(),
                findings.stream().anyMatch(line -> line.endsWith("it is GOOD after a flush has failed")));
    }

    @Test
    public void aFailureThatIsSwallowed() {
        List<String> findings = new ErrorSweep(Fault.WRITE_FAILED)
                .sabotagedBy(Saboteurs::swallowFailures)
                .findings();
        assertFound(findings, "SYNCHRONIZE CACHE(10), operation 4 (FLUSH) fails: the failure is swallowed");
    }

    /** Passes everything on. */
    private static class Sabotaged implements UnitStateStore {

        private final UnitStateStore below;

        Sabotaged(UnitStateStore below) {
            this.below = below;
        }

        @Override
        public UnitState load() throws IOException {
            return below.load();
        }

        @Override
        public CompletionStage<Void> save(UnitState state) {
            return below.save(state);
        }

        @Override
        public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
            return below.saveIntent(id, lba, data);
        }

        @Override
        public CompletionStage<Void> clearIntent(long id) {
            return below.clearIntent(id);
        }

        @Override
        public List<Intent> loadIntents() throws IOException {
            return below.loadIntents();
        }
    }
}
