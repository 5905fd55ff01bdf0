package io.sluice.rest.osgi;

import java.util.List;
import java.util.function.Consumer;

/** What is wrong with settings that do, of which each line is written once, however often they are read. One thread at a time reads. */
final class Warnings {

    private final Consumer<String> lines;

    private volatile List<String> present = List.of();

    /** @param lines takes each line */
    Warnings(Consumer<String> lines) {
        this.lines = lines;
    }

    /** The settings were read, and this is wrong with them now. */
    void set(List<String> all) {
        List<String> before = present;
        present = List.copyOf(all);
        all.stream().filter(line -> !before.contains(line)).forEach(lines);
    }

    /** Returns what is wrong. Any thread may call. */
    List<String> present() {
        return present;
    }
}
