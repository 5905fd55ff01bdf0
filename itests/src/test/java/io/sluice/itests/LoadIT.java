package io.sluice.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.ClassRule;
import org.junit.Test;

/** Millions of requests: the gateway stays small, and does what makes them cheap in the assembly too. */
public class LoadIT {

    private static final long ENOUGH = 1_000_000;
    private static final int SECONDS = 4;
    private static final long LIMIT_KIB = 250 << 10;
    private static final long GROWTH_KIB = 16 << 10;
    private static final Pattern AVERAGE = Pattern.compile("iops average (\\d+)");

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    @Test
    public void staysSmallHoweverManyRequests() throws IOException {
        SLUICE.console("target:create " + Sluice.TARGET + " --file load.img --size 256M");
        perform(ENOUGH);
        long first = SLUICE.residentKiB();
        perform(ENOUGH);
        long second = SLUICE.residentKiB();
        System.out.println(
                "resident after a million requests " + first / 1024 + " MiB, after another " + second / 1024);
        assertTrue(first + " KiB", first < LIMIT_KIB);
        assertTrue("from " + first + " to " + second + " KiB", second - first < GROWTH_KIB);
        String log = SLUICE.log();
        assertFalse(log, log.contains("is not sent by the kernel"));
        assertFalse(log, log.contains("epoll is not available"));
        assertFalse(log, log.contains("| ERROR"));
    }

    private static void perform(long requests) {
        for (long done = 0; done < requests; ) {
            String output = Tool.run(
                            "iscsi-perf",
                            "-m",
                            "32",
                            "-b",
                            "8",
                            "-t",
                            Integer.toString(SECONDS),
                            SLUICE.url(Sluice.TARGET, 0))
                    .expectSuccess()
                    .output();
            MatchResult last = AVERAGE.matcher(output)
                    .results()
                    .reduce((earlier, later) -> later)
                    .orElseThrow(() -> new AssertionError(output));
            done += Long.parseLong(last.group(1)) * SECONDS;
        }
    }
}
