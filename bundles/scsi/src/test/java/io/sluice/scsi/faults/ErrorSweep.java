package io.sluice.scsi.faults;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.Fault;
import io.sluice.scsi.MemoryStateStore;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.testkit.FaultyBackstore;
import io.sluice.testkit.FaultyBackstore.Operation;
import io.sluice.testkit.VolatileBackstore;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** Performs the script again and again; each time another one of the operations that the store is asked for fails. */
final class ErrorSweep {

    private final Fault fault;
    private final List<String> findings = new ArrayList<>();
    private UnaryOperator<Backstore> saboteur = UnaryOperator.identity();
    private BiConsumer<TriedUnit, Backstore> afterEach = (unit, store) -> {};
    private int points;

    /** @param fault what everything but a read fails with */
    ErrorSweep(Fault fault) {
        this.fault = fault;
    }

    /** Puts something else between the engine and the store. */
    ErrorSweep sabotagedBy(UnaryOperator<Backstore> between) {
        saboteur = between;
        return this;
    }

    /** Does something after each command that nobody has asked for. */
    ErrorSweep meddledWithBy(BiConsumer<TriedUnit, Backstore> meddler) {
        afterEach = meddler;
        return this;
    }

    /** Returns how many operations were let fail. */
    int points() {
        return points;
    }

    /** Returns what is wrong; empty if all is well. */
    List<String> findings() {
        int operations = new Run(Integer.MAX_VALUE).perform();
        for (int n = 1; n <= operations; n++) {
            new Run(n).perform();
            points++;
        }
        return findings;
    }

    /** One performance of the script. */
    private final class Run {

        private final int n;
        private final VolatileBackstore disk = new VolatileBackstore(TriedUnit.GEOMETRY);
        private final FaultyBackstore faulty = new FaultyBackstore(disk);
        private final Backstore store = saboteur.apply(faulty);
        private final TriedUnit unit = new TriedUnit(store, new MemoryStateStore());
        private final ExpectedBlocks expected = new ExpectedBlocks(Script.BLOCKS, Script.BLOCK);
        private final ExpectedBlocks other = new ExpectedBlocks(Script.BLOCKS, Script.BLOCK);
        private Operation failed;
        private boolean flushFailed;

        /** An atomic write that could not be undone: its blocks are not shown to anybody until the storage is opened anew. */
        private Step closed;

        /** What the blocks held when it began. */
        private ExpectedBlocks start;

        Run(int n) {
            this.n = n;
            if (n != Integer.MAX_VALUE) {
                faulty.fail(n, this::fail);
            }
        }

        private BackstoreException fail(Operation operation) {
            failed = operation;
            return new BackstoreException(operation == Operation.READ ? Fault.READ_FAILED : fault, "on purpose");
        }

        private void found(Step step, String what) {
            findings.add(step.name() + ", operation " + n + " (" + failed + ") fails: " + what);
        }

        /** Returns how many operations there were. */
        int perform() {
            for (Step step : Script.steps()) {
                Operation failedBefore = failed;
                TestTask task = unit.perform(0, step, expected);
                boolean hit = failed != failedBefore;
                judge(step, task, hit);
                if (hit) {
                    lookAround(step);
                }
                afterEach.accept(unit, store);
            }
            int operations = faulty.count();
            heal();
            return operations;
        }

        private void judge(Step step, TestTask task, boolean hit) {
            start = step.whole() && closed == null ? expected.copy() : start;
            boolean refused = flushFailed && step.needsTrust() || closed != null && step.overlaps(closed);
            if (task.status() == Status.GOOD) {
                if (hit) {
                    found(step, "the failure is swallowed");
                }
                if (refused) {
                    found(step, "it is GOOD after a flush has failed");
                }
                expected.done(step);
            } else {
                if (!hit && !refused) {
                    found(step, "it is refused although all is well: " + sense(task));
                } else if (!isRight(step, task, hit)) {
                    found(step, "its sense is " + sense(task));
                }
                String wrong = step.whole() && hit ? "" : expected.afterCrash(step, false, disk::block);
                if (!wrong.isEmpty()) {
                    found(step, wrong);
                }
                expected.failed(step, disk::block);
            }
            String wrong = expected.differences(disk::block);
            if (!wrong.isEmpty()) {
                found(step, wrong);
            }
        }

        private String sense(TestTask task) {
            return task.status() + " " + HexFormat.of().formatHex(task.sense());
        }

        private boolean isRight(Step step, TestTask task, boolean hit) {
            Sense right = Sense.WRITE_ERROR;
            if (step.name().equals("EXTENDED COPY")) {
                right = Sense.COPY_TARGET_DEVICE_NOT_REACHABLE;
            } else if (step.promise() == Step.Promise.NONE || hit && failed == Operation.READ || readsClosed(step)) {
                right = Sense.UNRECOVERED_READ_ERROR;
            } else if (hit && fault == Fault.OUT_OF_SPACE) {
                right = Sense.SPACE_ALLOCATION_FAILED_WRITE_PROTECT;
            }
            byte[] sense = task.sense();
            return task.status() == Status.CHECK_CONDITION
                    && (sense[2] & 0x0F) == right.key().code()
                    && (sense[12] & 0xFF) == right.additionalSenseCode()
                    && (sense[13] & 0xFF) == right.qualifier();
        }

        private boolean readsClosed(Step step) {
            return step.promise() == Step.Promise.FLUSHED && closed != null && step.overlaps(closed);
        }

        /** Reads go on, the other unit is undisturbed, and a unit that is listed as well is well. */
        private void lookAround(Step step) {
            IntFunction<byte[]> read = unit.readAll();
            if (read == null && step.whole()) {
                closed = step;
            } else {
                String torn = step.whole() ? expected.settle(step, start, disk::block) : "";
                String wrong = read == null ? "nothing can be read" : torn + expected.differences(read);
                if (!wrong.isEmpty()) {
                    found(step, wrong);
                }
            }
            for (Step there : Script.steps()) {
                if (there.promise() == Step.Promise.STABLE || there.promise() == Step.Promise.ALL_STABLE) {
                    if (unit.perform(1, there, other).status() != Status.GOOD) {
                        found(step, "another unit is disturbed at " + there.name());
                    }
                }
            }
            boolean listed = unit.volume().status().health().state() != BackstoreHealth.State.HEALTHY;
            if (failed == Operation.FLUSH && fault == Fault.WRITE_FAILED && !listed) {
                found(step, "the unit is listed as healthy");
            }
            flushFailed = listed || failed == Operation.FLUSH && fault == Fault.WRITE_FAILED;
        }

        /** With other storage everything works, and nothing of what went before is in the way. */
        private void heal() {
            unit.expectNothingLeft();
            unit.reopen(disk);
            failed = null;
            flushFailed = false;
            if (closed != null) {
                String torn = expected.settle(closed, start, disk::block);
                if (!torn.isEmpty()) {
                    findings.add("after it was opened anew, operation " + n + ": " + torn);
                }
                closed = null;
            }
            for (Step step : Script.steps()) {
                judge(step, unit.perform(0, step, expected), false);
            }
            String wrong = expected.differences(disk.afterPowerLoss()::block);
            if (!wrong.isEmpty()) {
                findings.add("after it was opened anew, operation " + n + ": " + wrong);
            }
            unit.expectNothingLeft();
            unit.close();
        }
    }
}
