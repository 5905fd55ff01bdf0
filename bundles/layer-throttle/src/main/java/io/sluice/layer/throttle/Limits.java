package io.sluice.layer.throttle;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a throttle lets through in a second; 0 is no limit.
 *
 * @param iops operations of both directions together
 * @param readIops reads
 * @param writeIops writes, which unmaps and zero-writes are too
 * @param bandwidth bytes of both directions together
 * @param readBandwidth bytes read
 * @param writeBandwidth bytes written
 * @param burst for how long a limit that is not used may be saved up
 */
record Limits(
        long iops,
        long readIops,
        long writeIops,
        long bandwidth,
        long readBandwidth,
        long writeBandwidth,
        Duration burst) {

    /** Below it a few commands of a host would wait longer than the host does. */
    private static final long LEAST_IOPS = 10;
    /** One of the longest transfers of a host takes seconds at this rate. */
    private static final long LEAST_BANDWIDTH = 1 << 20;

    private static final long MOST = 1L << 50;
    private static final Duration USUAL_BURST = Duration.ofMillis(100);
    private static final Duration LONGEST_BURST = Duration.ofSeconds(10);
    private static final String UNITS = "KMGT";
    private static final Pattern RATE = Pattern.compile("(\\d{1,15})([KMGT]?)(?:I?B)?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s)");

    static final List<BackstoreOption> OPTIONS = List.of(
            new BackstoreOption("iops", false, "operations a second, at least " + LEAST_IOPS),
            new BackstoreOption("readIops", false, "reads a second"),
            new BackstoreOption("writeIops", false, "writes a second, unmaps among them"),
            new BackstoreOption("bandwidth", false, "bytes a second, such as 100M, at least 1M"),
            new BackstoreOption("readBandwidth", false, "bytes read a second"),
            new BackstoreOption("writeBandwidth", false, "bytes written a second"),
            new BackstoreOption("burst", false, "how long an unused limit is saved up, such as 2s; 100ms without it"));

    /** @throws BackstoreException with a line that says which option is wrong */
    static Limits of(Map<String, String> options) throws BackstoreException {
        Limits limits = new Limits(
                rate(options, "iops", LEAST_IOPS),
                rate(options, "readIops", LEAST_IOPS),
                rate(options, "writeIops", LEAST_IOPS),
                rate(options, "bandwidth", LEAST_BANDWIDTH),
                rate(options, "readBandwidth", LEAST_BANDWIDTH),
                rate(options, "writeBandwidth", LEAST_BANDWIDTH),
                burst(options.get("burst")));
        if (limits.iops
                        + limits.readIops
                        + limits.writeIops
                        + limits.bandwidth
                        + limits.readBandwidth
                        + limits.writeBandwidth
                == 0) {
            throw refused("a throttle needs a limit: give it one, such as iops=1000 or bandwidth=100M");
        }
        return limits;
    }

    private static long rate(Map<String, String> options, String name, long least) throws BackstoreException {
        String text = options.get(name);
        if (text == null) {
            return 0;
        }
        Matcher form = RATE.matcher(text.toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw refused(
                    "option " + name + " of a throttle is not '" + text + "': write it like 1000, 500K, 100M or 2G");
        }
        int power = form.group(2).isEmpty() ? 0 : UNITS.indexOf(form.group(2)) + 1;
        double rate = Long.parseLong(form.group(1)) * Math.pow(1024, power);
        if (rate < least || rate > MOST) {
            throw refused("option " + name + " of a throttle is at least " + least + " and at most " + MOST + ", not '"
                    + text + "'");
        }
        return (long) rate;
    }

    private static Duration burst(String text) throws BackstoreException {
        if (text == null) {
            return USUAL_BURST;
        }
        Matcher form = TIME.matcher(text);
        if (form.matches()) {
            long number = Long.parseLong(form.group(1));
            Duration burst = form.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
            if (burst.compareTo(LONGEST_BURST) <= 0) {
                return burst;
            }
        }
        throw refused("option burst of a throttle is not '" + text + "': write it like 500ms or 2s, 10s at most");
    }

    private static BackstoreException refused(String line) {
        return new BackstoreException(Fault.NOT_READY, line);
    }
}
