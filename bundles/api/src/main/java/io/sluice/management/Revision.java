package io.sluice.management;

import java.time.Instant;
import java.util.List;

/**
 * A change of the configuration that was made.
 *
 * @param number larger than that of every change before
 * @param when when it was made
 * @param who who made it, as the audit log has it; {@code gateway} if nobody asked for it
 * @param why why, in his words, or else what he asked for
 * @param lines what was changed, one line each; of very many the first ones, and how many more there were
 */
public record Revision(int number, Instant when, String who, String why, List<String> lines) {

    public Revision {
        lines = List.copyOf(lines);
    }
}
