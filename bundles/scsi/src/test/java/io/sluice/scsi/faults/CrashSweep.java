package io.sluice.scsi.faults;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.scsi.MemoryStateStore;
import io.sluice.scsi.Status;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.testkit.VolatileBackstore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Performs the script once, and takes note before every operation of the store and of the state, in the middle of every write,
 * and after every command of what a kill and a power loss would leave. Then a unit begins with each of these, and is read.
 */
final class CrashSweep {

    private final UnaryOperator<Backstore> storeSaboteur;
    private final UnaryOperator<UnitStateStore> stateSaboteur;
    private final VolatileBackstore disk = new VolatileBackstore(TriedUnit.GEOMETRY);
    private final MemoryStateStore state = new MemoryStateStore();
    private final ExpectedBlocks expected = new ExpectedBlocks(Script.BLOCKS, Script.BLOCK);
    private final List<Crash> crashes = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private Step running;

    /**
     * @param storeSaboteur put between the engine and the store
     * @param stateSaboteur put between the engine and the state
     */
    CrashSweep(UnaryOperator<Backstore> storeSaboteur, UnaryOperator<UnitStateStore> stateSaboteur) {
        this.storeSaboteur = storeSaboteur;
        this.stateSaboteur = stateSaboteur;
    }

    /** What is left, and what was going on. */
    private record Crash(
            String when,
            boolean power,
            Step running,
            ExpectedBlocks expected,
            VolatileBackstore disk,
            MemoryStateStore state) {}

    /** Returns how many crashes were tried. */
    int points() {
        return crashes.size();
    }

    /** Returns what is wrong; empty if all is well. */
    List<String> findings() {
        TriedUnit unit = new TriedUnit(storeSaboteur.apply(new Noted()), stateSaboteur.apply(new NotedState()));
        String last = "";
        for (Step step : Script.steps()) {
            running = step;
            if (unit.perform(0, step, expected).status() != Status.GOOD) {
                findings.add(step.name() + " fails");
            }
            running = null;
            expected.done(step);
            last = "after " + step.name();
            crash(last);
        }
        unit.close();
        crashes.forEach(this::look);
        return findings;
    }

    private void crash(String when) {
        crash(when, disk);
    }

    private void crash(String when, VolatileBackstore left) {
        MemoryStateStore kept = new MemoryStateStore();
        state.copyTo(kept);
        crashes.add(new Crash(when, false, running, expected.copy(), left.afterKill(), kept));
        MemoryStateStore keptToo = new MemoryStateStore();
        state.copyTo(keptToo);
        crashes.add(new Crash(when, true, running, expected.copy(), left.afterPowerLoss(), keptToo));
    }

    private void look(Crash crash) {
        String when = crash.when() + (crash.power() ? ", after a power loss: " : ", after a kill: ");
        try {
            TriedUnit next = new TriedUnit(crash.disk(), stateSaboteur.apply(crash.state()));
            IntFunction<byte[]> found = next.readAll();
            String wrong = found == null
                    ? "nothing can be read"
                    : crash.expected().afterCrash(crash.running(), crash.power(), found);
            if (!wrong.isEmpty()) {
                findings.add(when + wrong);
            }
            next.close();
        } catch (RuntimeException broken) {
            findings.add(when + broken);
        }
    }

    private String during(String operation) {
        return "before " + operation + " of " + (running == null ? "nobody" : running.name());
    }

    /** Takes note before each operation. */
    private final class Noted extends ForwardingBackstore implements Unmap, WriteZeroes {

        Noted() {
            super(disk);
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            crash(during("a write"));
            crash(during("the second half of a write"), half(lba, source, durability));
            return super.write(lba, source, durability);
        }

        private VolatileBackstore half(long lba, ByteBuffer[] source, Durability durability) {
            VolatileBackstore torn = disk.afterKill();
            ByteBuffer first = source[0].duplicate();
            int blocks = first.remaining() / Script.BLOCK / 2;
            if (blocks > 0) {
                first.limit(first.position() + blocks * Script.BLOCK);
                torn.write(lba, new ByteBuffer[] {first}, durability);
            }
            return torn;
        }

        @Override
        public CompletionStage<Void> flush() {
            crash(during("a flush"));
            return super.flush();
        }

        @Override
        public CompletionStage<Void> unmap(long lba, long blocks) {
            crash(during("an unmap"));
            return disk.unmap(lba, blocks);
        }

        @Override
        public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
            crash(during("zeros"));
            return disk.writeZeroes(lba, blocks, durability);
        }
    }

    /** Takes note before and after each change of the state. */
    private final class NotedState implements UnitStateStore {

        @Override
        public UnitState load() {
            return state.load();
        }

        @Override
        public CompletionStage<Void> save(UnitState changed) {
            crash(during("a save"));
            return state.save(changed);
        }

        @Override
        public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
            crash(during("an intent"));
            return state.saveIntent(id, lba, data);
        }

        @Override
        public CompletionStage<Void> clearIntent(long id) {
            crash(during("the end of an intent"));
            return state.clearIntent(id);
        }

        @Override
        public List<Intent> loadIntents() throws IOException {
            return state.loadIntents();
        }
    }
}
