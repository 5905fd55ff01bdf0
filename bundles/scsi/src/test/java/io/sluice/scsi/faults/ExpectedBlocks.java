package io.sluice.scsi.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** What every block holds now, and what it may hold after a power loss. */
final class ExpectedBlocks {

    private final byte[][] now;
    private final List<List<byte[]>> allowed = new ArrayList<>();

    ExpectedBlocks(int blocks, int blockSize) {
        now = new byte[blocks][blockSize];
        for (int block = 0; block < blocks; block++) {
            allowed.add(List.of(now[block]));
        }
    }

    private ExpectedBlocks(ExpectedBlocks other) {
        now = other.now.clone();
        allowed.addAll(other.allowed);
    }

    /** Returns what holds whatever is written after this moment. */
    ExpectedBlocks copy() {
        return new ExpectedBlocks(this);
    }

    int blocks() {
        return now.length;
    }

    byte[] block(int block) {
        return now[block];
    }

    /** A step has ended with GOOD. */
    void done(Step step) {
        for (int block = 0; block < now.length; block++) {
            if (step.promise() != Step.Promise.NONE && step.touches(block)) {
                write(block, step.effect().on(block - step.lba(), now[block]));
            }
            boolean stable = step.promise() == Step.Promise.ALL_STABLE
                    || step.promise() == Step.Promise.FLUSHED && step.touches(block)
                    || step.promise() == Step.Promise.STABLE && step.touches(block);
            if (stable) {
                allowed.set(block, List.of(now[block]));
            }
        }
    }

    /**
     * A step has failed: each of its blocks is as it was or as it was to be, and from now on what it is.
     *
     * @param found what the blocks hold now
     */
    void failed(Step step, IntFunction<byte[]> found) {
        if (step.promise() == Step.Promise.NONE) {
            return;
        }
        for (int block = step.lba(); block < step.lba() + step.blocks(); block++) {
            byte[] before = now[block];
            write(block, step.effect().on(block - step.lba(), before));
            if (Arrays.equals(found.apply(block), before)) {
                now[block] = before;
            }
        }
    }

    /**
     * The blocks of an atomic write that has failed are shown again, as they are.
     *
     * @param start what they held when it began
     * @return what is wrong with that; empty if all is well
     */
    String settle(Step step, ExpectedBlocks start, IntFunction<byte[]> found) {
        int old = 0;
        int written = 0;
        for (int block = step.lba(); block < step.lba() + step.blocks(); block++) {
            byte[] bytes = found.apply(block);
            old += Arrays.equals(start.now[block], bytes) ? 1 : 0;
            written += Arrays.equals(step.effect().on(block - step.lba(), start.now[block]), bytes) ? 1 : 0;
            write(block, bytes);
        }
        boolean whole = old == step.blocks() || written == step.blocks();
        return whole ? "" : old + " blocks are old and " + written + " new of an atomic write";
    }

    private void write(int block, byte[] bytes) {
        List<byte[]> more = new ArrayList<>(allowed.get(block));
        more.add(bytes);
        allowed.set(block, more);
        now[block] = bytes;
    }

    /** Returns which blocks do not hold what they hold for sure while the process lives; empty if all is well. */
    String differences(IntFunction<byte[]> found) {
        StringBuilder wrong = new StringBuilder();
        for (int block = 0; block < now.length; block++) {
            if (!Arrays.equals(now[block], found.apply(block))) {
                wrong.append(" ").append(block);
            }
        }
        return wrong.isEmpty() ? "" : "blocks" + wrong + " differ";
    }

    /**
     * Returns what is wrong after a crash; empty if all is well.
     *
     * @param running the step that was under way, or null
     * @param power whether the power was lost, and the cache with it
     */
    String afterCrash(Step running, boolean power, IntFunction<byte[]> found) {
        StringBuilder wrong = new StringBuilder();
        int changed = 0;
        for (int block = 0; block < now.length; block++) {
            byte[] bytes = found.apply(block);
            byte[] old = now[block];
            boolean fine = power
                    ? allowed.get(block).stream().anyMatch(value -> Arrays.equals(value, bytes))
                    : Arrays.equals(old, bytes);
            if (running != null && running.needsTrust() && running.touches(block)) {
                boolean isNew = Arrays.equals(running.effect().on(block - running.lba(), old), bytes);
                changed += isNew ? 1 : 0;
                fine |= isNew;
            }
            if (!fine) {
                wrong.append(" ").append(block);
            }
        }
        if (!wrong.isEmpty()) {
            return "blocks" + wrong + " hold what they cannot";
        }
        boolean torn = running != null && running.whole() && changed > 0 && changed < running.blocks();
        return torn ? changed + " of " + running.blocks() + " blocks are written of an atomic write" : "";
    }
}
