package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.metrics.Statistics;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Listing;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway:stats}. */
@Command(
        name = "gateway:stats",
        description = "Shows what is done through each LUN, as iostat -x does",
        footer = {"gateway:stats", "gateway:stats --backstore disk0 --interval 2"})
final class GatewayStatsCommand extends GatewayCommand {

    private static final int LONGEST_SECONDS = 3_600;
    private static final double NANOS = 1e9;

    @Option(names = "--watch", description = "Goes on until Ctrl-C")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long each look takes; 1 if left out")
    private int interval;

    @Option(names = "--backstore", paramLabel = "NAME", description = "Shows the LUNs of this backstore only")
    @Completes(Kind.BACKSTORE)
    private String backstore;

    @Option(names = "--json", description = "Prints JSON, a line for each look: docs/json.md has the keys")
    private boolean json;

    @Override
    void run() throws ConfigException {
        if (interval < 1 || interval > LONGEST_SECONDS) {
            throw new ConfigException("an interval is from 1 to " + LONGEST_SECONDS + " seconds");
        }
        if (backstore != null
                && gateway().config().backstores().stream()
                        .noneMatch(config -> config.name().equals(backstore))) {
            throw new ConfigException(
                    "there is no backstore " + backstore + ": backstore:list shows those that there are");
        }
        try {
            look();
        } catch (InterruptedException ctrlC) {
            // Whoever presses it wants nothing but the prompt, which does not wait for a thread that is interrupted.
            print("");
        }
    }

    /** Whoever looks may be gone: then what is printed fails, and the next look is the last. */
    private void look() throws InterruptedException {
        Statistics before = gateway().statistics();
        long begun = System.nanoTime();
        do {
            TimeUnit.SECONDS.sleep(interval);
            Statistics after = gateway().statistics();
            long now = System.nanoTime();
            show(before, after, (now - begun) / NANOS);
            before = after;
            begun = now;
        } while (watch && !console().out().checkError());
    }

    private void show(Statistics before, Statistics after, double seconds) {
        Listing listing = Listing.list("There are no LUNs.");
        LunRates.between(before, after, seconds).stream()
                .filter(rates -> backstore == null || rates.lun().backstore().equals(backstore))
                .forEach(rates -> rates.show(listing.add()));
        if (json) {
            listing.printJson(console());
        } else {
            listing.print(console());
            if (watch) {
                print("");
            }
        }
    }
}
