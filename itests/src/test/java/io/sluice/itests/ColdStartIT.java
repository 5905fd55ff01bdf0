package io.sluice.itests;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What a start does first, and what it does not do; how long it takes is measured by bench/run. */
public class ColdStartIT {

    /** Karaf's features, its console among them, are started from here on. */
    private static final int KARAF_LEVEL = 15;

    /** Bundles of the engine and of what it needs. */
    private static final int FEWEST = 10;

    private static final String PATCHED = "--patch-module";

    private final Sluice sluice = new Sluice();

    @Before
    public void prepare() throws IOException {
        sluice.prepare();
    }

    @After
    public void stop() throws IOException {
        sluice.stop();
    }

    private List<String> javaArguments() throws IOException {
        byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(sluice.pid()), "cmdline"));
        return List.of(new String(line, StandardCharsets.UTF_8).split("\0"));
    }

    @Test
    public void whatServesStartsBeforeTheConsole() throws IOException {
        sluice.start().expectSuccess();
        sluice.stop().expectSuccess();
        sluice.start().expectSuccess();
        List<String> serving = sluice.console("bundle:list -t 0 -s")
                .lines()
                .filter(line -> line.matches(".*(io\\.sluice\\.|io\\.netty|org\\.apache\\.felix\\.scr).*"))
                .filter(line -> !line.contains("io.sluice.shell") && !line.contains("native-epoll"))
                .toList();
        assertTrue(serving.toString(), serving.size() > FEWEST);
        for (String line : serving) {
            int level = Integer.parseInt(line.split("[|│]")[2].trim());
            assertTrue(line, level < KARAF_LEVEL);
        }
    }

    @Test
    public void javaIsStartedWithoutPatchesAndWithTheUsersOptions() throws IOException {
        sluice.environment("EXTRA_JAVA_OPTS", "-Dtest.of.extra=1");
        sluice.environment("KARAF_OPTS", "-Dtest.of.karaf=2");
        sluice.start().expectSuccess();
        List<String> arguments = javaArguments();
        assertFalse(arguments.toString(), arguments.contains(PATCHED));
        assertTrue(arguments.toString(), arguments.contains("-Dtest.of.extra=1"));
        assertTrue(arguments.toString(), arguments.contains("-Dtest.of.karaf=2"));
        assertTrue(arguments.toString(), arguments.contains("-Xmx512m"));
    }

    @Test
    public void anotherCollectorReplacesTheCollectorAlone() throws IOException {
        sluice.environment("JAVA_OPTS", "-XX:+UseParallelGC -XX:MetaspaceSize=80m");
        sluice.environment("SLUICE_HEAP", "300m");
        sluice.environment("SLUICE_DIRECT_MEMORY", "700m");
        sluice.start().expectSuccess();
        List<String> arguments = javaArguments();
        assertFalse(arguments.toString(), arguments.contains("-XX:+UseSerialGC") || arguments.contains("-Xmn16m"));
        for (String kept : List.of(
                "-XX:+UseParallelGC",
                "-Xmx300m",
                "-XX:MaxDirectMemorySize=700m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Djava.security.manager=allow")) {
            assertTrue(kept + " of " + arguments, arguments.contains(kept));
        }
        assertTrue(
                "what the user says comes later",
                arguments.lastIndexOf("-XX:MetaspaceSize=80m") > arguments.indexOf("-XX:MetaspaceSize=96m"));
    }

    @Test
    public void whoSizesTheHeapHasNoOtherLimit() throws IOException {
        sluice.environment("JAVA_OPTS", "-XX:+UseParallelGC -Xms600m");
        sluice.start().expectSuccess();
        List<String> arguments = javaArguments();
        assertTrue(arguments.toString(), arguments.contains("-XX:+ExitOnOutOfMemoryError"));
        assertTrue(arguments.toString(), arguments.stream().noneMatch(option -> option.startsWith("-Xmx")));
    }

    @Test
    public void withADebuggerKarafsOwnScriptStartsIt() throws IOException {
        sluice.environment("KARAF_DEBUG", "true");
        sluice.environment(
                "JAVA_DEBUG_OPTS", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        sluice.start().expectSuccess();
        List<String> arguments = javaArguments();
        assertTrue(arguments.toString(), arguments.contains(PATCHED));
        assertTrue(arguments.toString(), arguments.stream().anyMatch(one -> one.startsWith("-agentlib:jdwp")));
    }
}
