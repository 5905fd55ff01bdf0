package io.sluice.scsi.history;

import io.sluice.scsi.history.Step.Effect;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** What the blocks hold after some of the steps of a history. */
final class Configuration {

    private static final int NEVER_TAKEN = -1;

    /** In the order in which they may happen at the earliest; those of a group are neighbours. */
    private final List<Step> steps;

    private final BitSet done;
    private final int[] medium;
    private final int[] registers;

    Configuration(List<Step> steps, int blocks, int registers) {
        this(steps, new BitSet(), new int[blocks], new int[registers]);
        Arrays.fill(this.registers, NEVER_TAKEN);
    }

    private Configuration(List<Step> steps, BitSet done, int[] medium, int[] registers) {
        this.steps = steps;
        this.done = done;
        this.medium = medium;
        this.registers = registers;
    }

    private Configuration copy() {
        return new Configuration(steps, (BitSet) done.clone(), medium.clone(), registers.clone());
    }

    /** Returns a step that has to come yet, or -1. */
    int missing(BitSet optional) {
        for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
            if (!optional.get(i)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns before which tick the next step has to be. */
    long latest() {
        long latest = Long.MAX_VALUE;
        for (int i = done.nextClearBit(0);
                i < steps.size() && steps.get(i).earliest() < latest;
                i = done.nextClearBit(i + 1)) {
            if (!steps.get(i).optional()) {
                latest = Math.min(latest, steps.get(i).latest());
            }
        }
        return latest;
    }

    /** Returns whether a step may be the next one as far as time goes. */
    boolean isOpen(int index, long latest) {
        Step step = steps.get(index);
        return !done.get(index) && step.earliest() < latest && (step.after() < 0 || isDone(step.after()));
    }

    private boolean isDone(int group) {
        for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
            if (steps.get(i).group() == group) {
                return false;
            }
        }
        return true;
    }

    /** Returns this with all that is left of a read, or null if it is none, does not fit, or would end the time of another. */
    Configuration withRead(int group) {
        Configuration after = copy();
        long earliest = 0;
        for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
            Step step = steps.get(i);
            if (step.group() == group) {
                if (step.effect() != Effect.SEE || medium[step.lba()] != step.values()[0]) {
                    return null;
                }
                earliest = step.earliest();
                after.done.set(i);
            }
        }
        return after.pass(earliest) ? null : after;
    }

    /** Returns this with one more step, or null if it does not fit. */
    Configuration with(int index) {
        Step step = steps.get(index);
        Configuration after = copy();
        after.done.set(index);
        if (!after.apply(step) || step.whole() && !after.keepWhole(step)) {
            return null;
        }
        after.pass(step.earliest());
        return after;
    }

    /** What may have happened has not happened when its time is over; returns whether there was such a thing. */
    private boolean pass(long tick) {
        boolean any = false;
        for (int i = done.nextClearBit(0);
                i < steps.size() && steps.get(i).earliest() < tick;
                i = done.nextClearBit(i + 1)) {
            if (steps.get(i).latest() < tick) {
                done.set(i);
                any = true;
            }
        }
        return any;
    }

    /** A command that has begun at blocks of an atomic one is over there, or what is left of it never happens. */
    private boolean keepWhole(Step atomic) {
        for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
            if (steps.get(i).overlaps(atomic) && (hasBegun(i, -1, atomic) || hasBegun(i, 1, atomic))) {
                if (!steps.get(i).optional()) {
                    return false;
                }
                done.set(i);
            }
        }
        return true;
    }

    /** Looks on one side of a step for one of the same group that is done. */
    private boolean hasBegun(int index, int side, Step atomic) {
        int group = steps.get(index).group();
        for (int i = index + side; i >= 0 && i < steps.size() && steps.get(i).group() == group; i += side) {
            if (done.get(i) && steps.get(i).overlaps(atomic)) {
                return true;
            }
        }
        return false;
    }

    private boolean apply(Step step) {
        int[] there = Arrays.copyOfRange(medium, step.lba(), step.end());
        switch (step.effect()) {
            case SEE:
                return Arrays.equals(there, step.values());
            case DIFFER:
                return !Arrays.equals(there, step.values());
            case SET:
                System.arraycopy(step.values(), 0, medium, step.lba(), there.length);
                return true;
            case SWAP:
                Arrays.fill(medium, step.lba(), step.end(), step.other());
                return Arrays.equals(there, step.values());
            case OR:
                Arrays.setAll(there, i -> there[i] | step.values()[i]);
                System.arraycopy(there, 0, medium, step.lba(), there.length);
                return true;
            case TAKE:
                registers[step.other()] = there[0];
                return true;
            case PUT:
                medium[step.lba()] = registers[step.other()];
                return registers[step.other()] != NEVER_TAKEN;
            default:
                throw new AssertionError(step.effect());
        }
    }

    /** Returns what tells this from other configurations of the same history. */
    ByteBuffer key() {
        long[] words = done.toLongArray();
        ByteBuffer key = ByteBuffer.allocate(8 * words.length + medium.length + registers.length);
        for (long word : words) {
            key.putLong(word);
        }
        for (int value : medium) {
            key.put((byte) value);
        }
        for (int value : registers) {
            key.put((byte) value);
        }
        return key.flip();
    }
}
