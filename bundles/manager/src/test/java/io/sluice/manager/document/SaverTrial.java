package io.sluice.manager.document;

import io.sluice.manager.document.FragileFiles.Killed;
import io.sluice.manager.document.FragileFiles.Trouble;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Tries one save in every way in which it can be interrupted: at each of its calls the process is killed, the power is lost,
 * or the call fails. What is found then is what was there before or what was to be saved; the latter for sure once the save
 * was said to be done, the former once it was refused.
 */
final class SaverTrial {

    static final Path FOLDER = Path.of("/gateway");

    /** A save, or what is done before it. */
    @FunctionalInterface
    interface Save {
        /** Ends without an exception when the save is said to be done. */
        void perform(FileCalls calls) throws Exception;
    }

    /** What a process finds when it begins. */
    @FunctionalInterface
    interface Load {
        /** Returns something that tells by {@code equals} what was found. */
        Object perform(FileCalls calls) throws Exception;
    }

    private final String name;
    private final Save earlier;
    private final Save save;
    private final Load load;
    private final Set<String> findings = new LinkedHashSet<>();
    private UnaryOperator<FileCalls> saboteur = UnaryOperator.identity();
    private boolean removal;
    private boolean many;
    private Object before;
    private Object after;
    private int points;
    private int states;

    SaverTrial(String name, Save earlier, Save save, Load load) {
        this.name = name;
        this.earlier = earlier;
        this.save = save;
        this.load = load;
    }

    /** Returns what is saved. */
    String name() {
        return name;
    }

    /** Puts something that does not do what it says between the saver and the files. */
    SaverTrial sabotagedBy(UnaryOperator<FileCalls> between) {
        saboteur = between;
        return this;
    }

    /** What is removed may be gone although that was refused: who tries again has it removed for sure. */
    SaverTrial removal() {
        removal = true;
        return this;
    }

    /** As {@link #removal}, of several things one after the other: some may be gone and others not. */
    SaverTrial removalOfMany() {
        many = true;
        return removal();
    }

    /** Returns how many interruptions were tried. */
    int points() {
        return points;
    }

    /** Returns how many states of the files were looked at. */
    int states() {
        return states;
    }

    /** Returns what is wrong, one line each: empty if all is well. */
    List<String> findings() throws Exception {
        FragileFiles whole = begin();
        before = load.perform(whole.afterKill());
        int first = whole.calls();
        save.perform(saboteur.apply(whole));
        int end = whole.calls();
        after = load.perform(whole.afterKill());
        if (before.equals(after)) {
            findings.add(name + ": nothing is saved");
        }
        look("after it was done", whole, false, true);
        for (int call = first; call < end; call++) {
            for (Trouble trouble : Trouble.values()) {
                interrupt(call, call - first, trouble);
            }
        }
        return List.copyOf(findings);
    }

    private FragileFiles begin() throws Exception {
        FragileFiles files = new FragileFiles(FOLDER);
        earlier.perform(files);
        return files;
    }

    private void interrupt(int call, int number, Trouble trouble) throws Exception {
        FragileFiles files = begin();
        files.plan(call, trouble);
        String when = trouble + " at call " + number;
        points++;
        try {
            save.perform(saboteur.apply(files));
            look(when + " and done all the same", files, false, true);
        } catch (Exception | Killed refused) {
            boolean goesOn = trouble == Trouble.FAIL || trouble == Trouble.FAIL_AFTER;
            look(when + (goesOn ? " and refused" : ""), files, true, !goesOn || removal);
            if (goesOn) {
                tryAgain(when, files);
            }
        }
    }

    /** What had failed works the next time. */
    private void tryAgain(String when, FragileFiles files) {
        try {
            save.perform(saboteur.apply(files));
            look(when + " and tried again", files, false, true);
        } catch (Exception stays) {
            findings.add(name + ": " + when + ", and it cannot be tried again: " + stays.getMessage());
        }
    }

    private void look(String when, FragileFiles files, boolean mayBeBefore, boolean mayBeAfter) {
        find(name + ": " + when, files.afterKill(), mayBeBefore, mayBeAfter);
        for (FragileFiles left : files.afterPowerLoss()) {
            find(name + ": " + when + ", after a power loss", left, mayBeBefore, mayBeAfter);
        }
    }

    private void find(String when, FragileFiles left, boolean mayBeBefore, boolean mayBeAfter) {
        states++;
        try {
            Object found = load.perform(left);
            if (!(mayBeBefore && found.equals(before)) && !(mayBeAfter && found.equals(after))) {
                String what = found.equals(before) ? "it is gone" : found.equals(after) ? "it is there" : "it is mixed";
                if (!many || !mayBeBefore || found.equals(before) || found.equals(after)) {
                    findings.add(when + ": " + what);
                }
            }
        } catch (Exception unreadable) {
            findings.add(when + ": it cannot be read: " + unreadable.getMessage());
        }
    }
}
