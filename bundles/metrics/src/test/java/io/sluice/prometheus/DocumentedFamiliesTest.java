package io.sluice.prometheus;

import static org.junit.Assert.assertEquals;

import io.sluice.metrics.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.Test;

/** The table of docs/metrics.md is the one of the code. */
public final class DocumentedFamiliesTest {

    @Test
    public void everyFamilyIsInTheTableAndNoOther() throws IOException {
        List<String> documented = Files.readAllLines(Path.of("../../docs/metrics.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        assertEquals(
                Arrays.stream(Metric.values()).map(DocumentedFamiliesTest::row).toList(), documented);
    }

    private static String row(Metric metric) {
        String labels = metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return "| `" + metric.exposedName() + "` | " + metric.kind().name().toLowerCase(Locale.ROOT) + " | " + labels
                + " | " + metric.help() + " |";
    }
}
