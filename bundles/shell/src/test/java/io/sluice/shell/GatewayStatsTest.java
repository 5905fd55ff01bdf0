package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.metrics.CommandKind;
import io.sluice.metrics.CommandStatistics;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Statistics;
import io.sluice.shell.output.Console;
import io.sluice.shell.output.Listing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public final class GatewayStatsTest {

    private static final long MILLI = 1_000_000;

    private final FakeGateway gateway = new FakeGateway();

    private static CommandStatistics commands(long fast, long slow, long bytes) {
        List<Long> counts = new ArrayList<>(DurationHistogram.NONE.counts());
        counts.set(DurationHistogram.bucket(MILLI), fast);
        counts.set(DurationHistogram.bucket(100 * MILLI), slow);
        return new CommandStatistics(new DurationHistogram(counts, fast * MILLI + slow * 100 * MILLI), bytes);
    }

    private static Statistics statistics(CommandStatistics reads, CommandStatistics writes) {
        return new Statistics(
                List.of(new LunStatistics(
                        "iqn.t",
                        3,
                        "disk0",
                        2,
                        Map.of(CommandKind.READ, reads, CommandKind.WRITE, writes),
                        Map.of(),
                        Map.of())),
                List.of());
    }

    private static String show(List<LunRates> rates) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Listing listing = Listing.list("");
        rates.forEach(each -> each.show(listing.add()));
        listing.print(new Console(new PrintStream(out, true, StandardCharsets.UTF_8), OptionalInt.empty()));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    public void whatWasDoneBetweenTwoLooksIsDividedByTheirTime() {
        Statistics before = statistics(commands(10, 0, 4096), CommandStatistics.NONE);
        Statistics after = statistics(commands(210, 2, 413_696), commands(0, 4, 8192));
        String shown = show(LunRates.between(before, after, 2));
        assertTrue(shown, shown.contains("r_await"));
        // 202 reads and 4 writes in 2 s; reads took 0.2 s and twice 0.1 s; writes 0.4 s: 0.8 s in 2 s.
        assertEquals(
                "iqn.t 3: disk0 101.00 2.00 200.00 4.00 1.98 100.00 0.40 82.83",
                shown.lines().skip(1).findFirst().orElseThrow().strip().replaceAll(" +", " "));
    }

    @Test
    public void aLunThatIsNewOrWasMappedAnewHasDoneAllThatItHasCounted() {
        Statistics after = statistics(commands(5, 0, 512), CommandStatistics.NONE);
        assertTrue(show(LunRates.between(Statistics.NONE, after, 1)).contains(" 5.00"));
        Statistics more = statistics(commands(9, 9, 1 << 20), commands(1, 1, 1));
        assertTrue(show(LunRates.between(more, after, 1)).contains(" 5.00"));
    }

    @Test
    public void whereNothingIsDoneEverythingIsZero() {
        Statistics idle = statistics(CommandStatistics.NONE, CommandStatistics.NONE);
        assertFalse(show(LunRates.between(idle, idle, 1)).contains("NaN"));
    }

    @Test
    public void aBackstoreThatIsNotThereIsSaidToBe() {
        refuses("gateway:stats --backstore nope", "there is no backstore nope");
        refuses("gateway:stats --interval 0", "an interval is from 1 to 3600 seconds");
        refuses("gateway:stats --interval 3601", "an interval is from 1 to 3600 seconds");
    }

    private void refuses(String line, String reason) {
        try {
            gateway.run(line);
        } catch (Exception refused) {
            assertTrue(refused.toString(), refused.getMessage().contains(reason));
            return;
        }
        throw new AssertionError(line + " was not refused");
    }

    /** As Ctrl-C does. */
    @Test
    public void watchingEndsWhenItIsInterrupted() throws Exception {
        FutureTask<String> watching = new FutureTask<>(() -> gateway.run("gateway:stats --watch --interval 3600"));
        Thread thread = new Thread(watching);
        thread.start();
        thread.interrupt();
        watching.get(30, TimeUnit.SECONDS);
    }
}
