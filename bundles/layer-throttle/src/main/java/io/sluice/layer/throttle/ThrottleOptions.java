package io.sluice.layer.throttle;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Fault;
import io.sluice.backstore.pace.Limits;
import io.sluice.config.LimitConfig;
import io.sluice.config.LimitText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongBiFunction;

/** The options of the layer. */
final class ThrottleOptions {

    static final List<BackstoreOption> ALL = List.of(
            new BackstoreOption("iops", false, "operations a second, at least " + LimitConfig.LEAST_IOPS),
            new BackstoreOption("readIops", false, "reads a second"),
            new BackstoreOption("writeIops", false, "writes a second, unmaps among them"),
            new BackstoreOption("bandwidth", false, "bytes a second, such as 100M, at least 1M"),
            new BackstoreOption("readBandwidth", false, "bytes read a second"),
            new BackstoreOption("writeBandwidth", false, "bytes written a second"),
            new BackstoreOption("burst", false, "how long an unused limit is saved up, such as 2s; 100ms without it"));

    private ThrottleOptions() {}

    /** @throws BackstoreException with a line that says which option is wrong */
    static Limits limits(Map<String, String> options) throws BackstoreException {
        Limits limits;
        try {
            limits = new Limits(
                    rate(options, "iops", LimitText::iops),
                    rate(options, "readIops", LimitText::iops),
                    rate(options, "writeIops", LimitText::iops),
                    rate(options, "bandwidth", LimitText::bandwidth),
                    rate(options, "readBandwidth", LimitText::bandwidth),
                    rate(options, "writeBandwidth", LimitText::bandwidth),
                    burst(options));
        } catch (IllegalArgumentException wrong) {
            throw new BackstoreException(Fault.NOT_READY, wrong.getMessage());
        }
        if (limits.none()) {
            throw new BackstoreException(
                    Fault.NOT_READY, "a throttle needs a limit: give it one, such as iops=1000 or bandwidth=100M");
        }
        return limits;
    }

    private static long rate(Map<String, String> options, String name, ToLongBiFunction<String, String> parse) {
        String text = options.get(name);
        return text == null ? 0 : parse.applyAsLong(what(name), text);
    }

    private static Duration burst(Map<String, String> options) {
        String text = options.get("burst");
        return Duration.ofMillis(
                text == null ? LimitConfig.USUAL_BURST_MILLIS : LimitText.burstMillis(what("burst"), text));
    }

    private static String what(String name) {
        return "option " + name + " of a throttle";
    }
}
