package io.sluice.management;

import java.util.List;

/**
 * What became of the configuration of another target.
 *
 * @param changes what is changed here
 * @param left what could not be taken over, and why, one line each
 */
public record ImportReport(List<Difference> changes, List<String> left) {

    public ImportReport {
        changes = List.copyOf(changes);
        left = List.copyOf(left);
    }
}
