package io.sluice.iscsi.session;

import io.sluice.iscsi.pdu.PduWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The command window of a session: puts commands in the order of CmdSN and says how many more may come (RFC 7143 4.2.2.1).
 * Used on the session's event loop only.
 *
 * @param <T> what waits for its turn
 */
public final class CommandWindow<T> implements PduWriter.Window {

    /** What becomes of a command. */
    public enum Verdict {
        /** It is its turn. */
        NOW,
        /** It waits for the ones before it. */
        LATER,
        /** It is outside the window or a duplicate, and is ignored. */
        IGNORED
    }

    /** Commands that may come while memory is short. */
    private static final int TIGHT_SIZE = 4;

    private final int size;
    private final BooleanSupplier tight;
    private final Map<Integer, T> early = new HashMap<>();
    private final Map<Integer, Boolean> skipped = new HashMap<>();
    private int expCmdSn;
    private int maxCmdSn;
    private int active;

    /**
     * @param size commands that may be under way
     * @param expCmdSn number of the first command
     * @param tight whether memory for what commands bring along is short
     */
    public CommandWindow(int size, int expCmdSn, BooleanSupplier tight) {
        this.size = size;
        this.tight = tight;
        this.expCmdSn = expCmdSn;
        this.maxCmdSn = expCmdSn + size - 1;
    }

    @Override
    public int expCmdSn() {
        return expCmdSn;
    }

    /** What is told to the initiator holds from then on, so it is found out only now. */
    @Override
    public int maxCmdSn() {
        widen();
        return maxCmdSn;
    }

    /** Takes a command that is not immediate; one that is to wait has to be kept. */
    public Verdict offer(int cmdSn) {
        if (SerialNumber.less(cmdSn, expCmdSn) || SerialNumber.less(maxCmdSn, cmdSn)) {
            return Verdict.IGNORED;
        }
        if (cmdSn != expCmdSn) {
            return skipped.containsKey(cmdSn) || early.containsKey(cmdSn) ? Verdict.IGNORED : Verdict.LATER;
        }
        advance();
        return Verdict.NOW;
    }

    /** Keeps a command that has to wait for its turn. */
    public void keep(int cmdSn, T command) {
        early.put(cmdSn, command);
    }

    /** Returns the command whose turn it is now because the one before it has come, or null. */
    public T next() {
        T command = early.isEmpty() ? null : early.remove(expCmdSn);
        if (command != null) {
            advance();
        }
        return command;
    }

    /**
     * Takes the number of a command that will not come as received (RFC 7143 11.5.1).
     *
     * @return whether the number was in the window
     */
    public boolean skip(int cmdSn) {
        if (SerialNumber.less(cmdSn, expCmdSn) || SerialNumber.less(maxCmdSn, cmdSn)) {
            return false;
        }
        if (cmdSn == expCmdSn) {
            advance();
        } else {
            skipped.put(cmdSn, Boolean.TRUE);
        }
        return true;
    }

    /** Returns whether commands wait for one that has not come. */
    public boolean hasGap() {
        return !early.isEmpty();
    }

    /**
     * Lets go of commands that wait, as if they had not come.
     *
     * @return the commands
     */
    public List<T> forget(Predicate<T> which) {
        List<T> forgotten = early.values().stream().filter(which).toList();
        early.values().removeAll(forgotten);
        return forgotten;
    }

    /** Returns the command that waits with a number, or null. */
    public T early(int cmdSn) {
        return early.get(cmdSn);
    }

    /**
     * Takes commands out that wait for the ones before them; their numbers count as received (RFC 7143 11.5.1).
     *
     * @return the commands
     */
    public List<T> withdraw(Predicate<T> which) {
        List<T> withdrawn = new ArrayList<>();
        for (Integer cmdSn : List.copyOf(early.keySet())) {
            if (which.test(early.get(cmdSn))) {
                withdrawn.add(early.remove(cmdSn));
                skip(cmdSn);
            }
        }
        return withdrawn;
    }

    private void advance() {
        do {
            expCmdSn++;
        } while (!skipped.isEmpty() && skipped.remove(expCmdSn) != null);
    }

    /** A command whose turn it was has been rejected: its number counts as not received (RFC 7143 7.3). */
    public void takeBack(int cmdSn) {
        for (int later = cmdSn + 1; SerialNumber.less(later, expCmdSn); later++) {
            skipped.put(later, Boolean.TRUE);
        }
        expCmdSn = cmdSn;
    }

    /** Returns how many commands are under way. */
    public int active() {
        return active;
    }

    /** A command is under way. */
    public void begin() {
        active++;
    }

    /** A command has ended. */
    public void end() {
        active--;
    }

    /** MaxCmdSN grows with the free slots, few of them while it is tight, and never goes back. */
    private void widen() {
        int free = Math.max(0, Math.min(size - active, tight.getAsBoolean() ? TIGHT_SIZE : size));
        maxCmdSn = SerialNumber.later(maxCmdSn, expCmdSn + free - 1);
    }
}
