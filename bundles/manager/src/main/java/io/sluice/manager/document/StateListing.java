package io.sluice.manager.document;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files of units in a folder of states have names that nobody can know: what writes have kept aside, and what was being written
 * when a process ended. The folder is listed once, however many units there are, and whoever keeps something there says so. What
 * somebody else puts there meanwhile is found by the next process. Thread-safe.
 */
public final class StateListing {

    private static final Pattern INTENT = Pattern.compile("([^.]+)\\.intent-[0-9]{1,18}");
    private static final Pattern LEFTOVER = Pattern.compile("\\.([^.]+)\\..*");

    private final Path folder;
    private final FileCalls calls;
    private final Map<String, Set<Path>> intents = new HashMap<>();
    private final Map<String, Set<Path>> leftovers = new HashMap<>();
    private boolean listed;

    /** @param folder where states are, and nobody else changes anything */
    public StateListing(Path folder) {
        this(folder, FileCalls.MACHINE);
    }

    StateListing(Path folder, FileCalls calls) {
        this.folder = folder.toAbsolutePath();
        this.calls = calls;
    }

    Path folder() {
        return folder;
    }

    FileCalls calls() {
        return calls;
    }

    /** Returns what writes of a unit have kept aside, and may have let go. */
    synchronized List<Path> intents(String unit) throws IOException {
        list();
        return List.copyOf(intents.getOrDefault(unit, Set.of()));
    }

    /** Returns what was being written of a unit when an earlier process ended; the next time it is nothing. */
    synchronized List<Path> takeLeftovers(String unit) throws IOException {
        list();
        Set<Path> found = leftovers.remove(unit);
        return found == null ? List.of() : List.copyOf(found);
    }

    /** Something is about to be kept aside. */
    synchronized void keeps(String unit, Path intent) {
        intents.computeIfAbsent(unit, first -> new LinkedHashSet<>()).add(intent);
    }

    /** It is gone for good. */
    synchronized void letGo(String unit, Path intent) {
        Set<Path> kept = intents.get(unit);
        if (kept != null && kept.remove(intent) && kept.isEmpty()) {
            intents.remove(unit);
        }
    }

    private void list() throws IOException {
        if (listed || !calls.exists(folder)) {
            return;
        }
        for (Path file : calls.list(folder)) {
            String name = file.getFileName().toString();
            Matcher intent = INTENT.matcher(name);
            if (intent.matches()) {
                keeps(intent.group(1), file);
            } else if (AtomicFiles.isTemporary(file, "")) {
                Matcher leftover = LEFTOVER.matcher(name);
                if (leftover.matches()) {
                    leftovers
                            .computeIfAbsent(leftover.group(1), first -> new LinkedHashSet<>())
                            .add(file);
                }
            }
        }
        listed = true;
    }
}
