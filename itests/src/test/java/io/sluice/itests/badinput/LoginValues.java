package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values of keys that are none, or out of their range (RFC 7143 6.1, 6.2, 13). */
final class LoginValues {

    private static final String REJECT = "Reject";
    private static final int LONGEST_NAME = 223;
    private static final String PREFIX = "iqn.2026-11.io.sluice:";

    /** Of refusals a line is written now and then. */
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(20);

    private LoginValues() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(53, "numbers out of range, or that are none: Reject (6.2.2)", LoginValues::numbers),
                new BadInput(54, "ranges: Reject", LoginValues::ranges),
                new BadInput(
                        55, "lists without end, or of nothing: the first that fits, Reject, 0200", LoginValues::lists),
                new BadInput(56, "FirstBurstLength over MaxBurstLength: the smaller one (13.14)", LoginValues::bursts),
                new BadInput(
                        57,
                        "names too long, of a wrong form, with control characters: 0200, 0203",
                        LoginValues::names));
    }

    private static void answered(World world, Map<String, String> offers, String key, String expected)
            throws IOException {
        try (TestInitiator initiator = world.connect()) {
            Map<String, String> keys = initiator.names("Normal", World.TARGET);
            keys.putAll(offers);
            LoginResult result = initiator.tryLogin(keys);
            Expect.refused(0, result);
            String answer = result.keys().get(key);
            if (!expected.equals(answer)) {
                throw new AssertionError(offers + ": " + key + "=" + answer + " instead of " + expected);
            }
            Expect.serves(World.ready(initiator));
        }
    }

    private static void refused(World world, int status, Map<String, String> offers) throws IOException {
        try (TestInitiator initiator = world.connect()) {
            Map<String, String> keys = initiator.names("Normal", World.TARGET);
            keys.putAll(offers);
            Expect.refused(status, initiator.tryLogin(keys));
            initiator.expectClosed();
        }
    }

    private static void numbers(World world) throws IOException {
        List<String> wrong = List.of(
                "-1",
                "0",
                "511",
                "16777216",
                "4294967296",
                "4294967808",
                "18446744073709551616",
                "18446744073709552128",
                "9".repeat(200),
                "",
                "0x",
                "0b",
                "0bAAAA",
                "1e3",
                "+1024",
                " 1024",
                "1024 ",
                "1024K",
                "FFFF",
                "0x-1",
                "0x1000000000000000000000400",
                "\u0661\u0662\u0663\u0664");
        for (String value : wrong) {
            answered(world, Map.of("MaxBurstLength", value), "MaxBurstLength", REJECT);
            refused(world, 0x0200, Map.of("MaxRecvDataSegmentLength", value));
        }
        refused(world, 0x0200, Map.of("MaxBurstLength", "9".repeat(300)));
        answered(world, Map.of("MaxBurstLength", "0x400"), "MaxBurstLength", "1024");
        // Decimal all the same, which an octal number would not be.
        answered(world, Map.of("MaxBurstLength", "0001024"), "MaxBurstLength", "1024");
    }

    private static void ranges(World world) throws IOException {
        for (String range : List.of("1~0", "512~1024", "~", "1024~", "1~2~3")) {
            for (String key : List.of("MaxBurstLength", "IFMarkInt", "OFMarkInt", "MaxOutstandingR2T")) {
                answered(world, Map.of(key, range), key, REJECT);
            }
        }
    }

    private static void lists(World world) throws IOException {
        answered(world, Map.of("HeaderDigest", "x,".repeat(125) + "None"), "HeaderDigest", "None");
        answered(world, Map.of("HeaderDigest", "x,".repeat(125) + "x"), "HeaderDigest", REJECT);
        answered(world, Map.of("DataDigest", ",,,,None"), "DataDigest", "None");
        answered(world, Map.of("DataDigest", ",".repeat(255)), "DataDigest", REJECT);
        answered(world, Map.of("DataDigest", ""), "DataDigest", REJECT);
        answered(world, Map.of("DataDigest", "none"), "DataDigest", REJECT);
        refused(world, 0x0200, Map.of("HeaderDigest", "x,".repeat(3500) + "None"));
    }

    private static void bursts(World world) throws IOException {
        Map<String, String> first = new LinkedHashMap<>();
        first.put("FirstBurstLength", "65536");
        first.put("MaxBurstLength", "4096");
        Map<String, String> last = new LinkedHashMap<>();
        last.put("MaxBurstLength", "4096");
        last.put("FirstBurstLength", "65536");
        answered(world, first, "FirstBurstLength", "4096");
        answered(world, last, "FirstBurstLength", "4096");
        answered(world, Map.of("MaxBurstLength", "4096"), "MaxBurstLength", "4096");
    }

    /** What is logged of them is one line, and nothing that a terminal would obey. */
    private static void names(World world) throws IOException {
        List<String> wrong = new ArrayList<>(List.of(
                "",
                "x",
                "iqn.",
                "iqn.2026-13.io.sluice:a",
                "iqn.2026-11.io.sluice:",
                "eui.123",
                "eui.0123456789abcdeg",
                "naa.0123",
                PREFIX + "a".repeat(LONGEST_NAME + 1 - PREFIX.length()),
                PREFIX + "../../etc/passwd",
                PREFIX + "a b",
                PREFIX + "a\ninjected line",
                PREFIX + "a\r\ninjected line",
                PREFIX + "\u001b[31minjected",
                PREFIX + "\u009b31minjected",
                PREFIX + "\u0085injected line",
                PREFIX + "\u2028injected line",
                PREFIX + "\u202einjected",
                PREFIX + "\ufeffinjected"));
        for (String name : wrong) {
            refused(world, 0x0200, Map.of("InitiatorName", name));
            refused(world, 0x0203, Map.of("TargetName", name));
        }
        String told = "injected" + System.nanoTime();
        World.await("a line of a refusal in the log", LOG_PATIENCE, () -> logged(world, told));
        String strange = world.log().replaceAll("[\\n\\t -~\u00a1-\u1fff\u2026]", "");
        if (!strange.isEmpty() || world.log().lines().anyMatch(line -> line.startsWith("injected"))) {
            throw new AssertionError("the log has '" + strange + "', or lines of others");
        }
    }

    private static boolean logged(World world, String told) {
        try {
            refused(world, 0x0200, Map.of("InitiatorName", "\u001b[31m\u009b31m\r\n" + told));
            return world.log().contains(told);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
