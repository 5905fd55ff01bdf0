package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** Logs are put aside when they are full, and only so many are kept, as docs/operations.md says. */
public class LogsIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static final int FULL = 8 << 10;
    private static final int SEVEN_AND_THE_LAST = 8;
    private static final int TEN_AND_THE_LAST = 11;

    @Test
    public void whatLogsTakeIsBounded() throws Exception {
        Path settings = SLUICE.etc().resolve("org.ops4j.pax.logging.cfg");
        String before = Files.readString(settings);
        assertTrue(before, before.contains("rolling.policies.size.size=16MB") && before.contains("strategy.max=10"));
        SLUICE.stop().expectSuccess();
        Files.writeString(settings, before.replace("size.size=16MB", "size.size=8KB"));
        SLUICE.start().expectSuccess();
        SLUICE.console("target:create " + Sluice.TARGET);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (files("karaf").size() < 2 || files("audit").size() < 2) {
            assertTrue("the smaller size counts", System.nanoTime() < deadline);
            fill();
        }
        for (int i = 0; i < 12; i++) {
            fill();
        }
        bounded("karaf", SEVEN_AND_THE_LAST);
        bounded("audit", TEN_AND_THE_LAST);
    }

    /** Writes more than one log can take, of either kind. */
    private static void fill() throws IOException {
        String numbers = IntStream.range(0, 100).mapToObj(Integer::toString).collect(Collectors.joining(" "));
        SLUICE.console("each [" + numbers + "] { target:enable " + Sluice.TARGET + " }");
    }

    private static void bounded(String name, int most) throws IOException {
        List<Path> files = files(name);
        assertTrue(files.toString(), files.size() > 3 && files.size() <= most);
        for (Path file : files) {
            assertTrue(file + ": " + Files.size(file), Files.size(file) < 2 * FULL);
        }
    }

    private static List<Path> files(String name) throws IOException {
        try (Stream<Path> all = Files.list(SLUICE.folder().resolve("data/log"))) {
            return all.filter(file -> file.getFileName().toString().matches(name + "\\.log(\\.\\d+)?"))
                    .toList();
        }
    }
}
