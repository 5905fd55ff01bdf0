package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.Test;

/** The programs of bench: how they judge what they have measured, which no measurement shows to be wrong. */
public class BenchIT {

    private static final Pattern SOME_RAN = Pattern.compile("(?m)^Ran [1-9]\\d* tests? in ");

    @Test
    public void theTestsOfTheProgramsPass() {
        Tool.Result result = Tool.run(
                        Map.of("PYTHONDONTWRITEBYTECODE", "1"),
                        "python3",
                        "-m",
                        "unittest",
                        "discover",
                        "-s",
                        "../bench",
                        "-p",
                        "*_test.py")
                .expectSuccess();

        assertTrue(result.output(), SOME_RAN.matcher(result.output()).find());
    }

    /** It reads all the modules that a measurement needs, without the tools for one. */
    @Test
    public void theCasesAreListed() {
        Tool.Result result = Tool.run(
                        Map.of("PYTHONDONTWRITEBYTECODE", "1"), "../bench/run", "--list", "--cases", "FUA")
                .expectSuccess();

        assertTrue(result.output(), result.lines().stream().allMatch(line -> line.contains("with FUA")));
        assertTrue(result.output(), result.lines().size() > 1);
    }
}
