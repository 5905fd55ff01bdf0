package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.rules.ExternalResource;

/**
 * Apache Karaf as it is downloaded, with ports of its own and the keys of an administrator and of a viewer, run by its own script.
 * It reaches no repository but the one that a test gives to it.
 */
final class StockKaraf extends ExternalResource {

    static final String ADMINISTRATOR = "alice";
    static final String VIEWER = "vera";

    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final String NOTHING =
            "org.ops4j.pax.url.mvn.settings=\norg.ops4j.pax.url.mvn.useFallbackRepositories=false\n";

    private Path home;
    private int sshPort;
    private int portalPort;
    private Process process;

    @Override
    protected void before() throws Exception {
        home = Files.createDirectories(Path.of("target", "stock"));
        home = Files.createTempDirectory(home, "karaf").toRealPath();
        Tool.run("tar", "xzf", System.getProperty("karaf.archive"), "-C", home.toString(), "--strip-components=1")
                .expectSuccess();
        sshPort = Sluice.freePort();
        portalPort = Sluice.freePort();
        set("org.apache.karaf.shell.cfg", "sshPort = " + sshPort + "\nsshHost = 127.0.0.1\n");
        set(
                "org.apache.karaf.management.cfg",
                "rmiRegistryPort = " + Sluice.freePort() + "\nrmiServerPort = " + Sluice.freePort() + "\n");
        repositories("");
        set(
                "keys.properties",
                ADMINISTRATOR + " = " + Console.newKey(key(ADMINISTRATOR)) + ",_g_:admingroup\n" + VIEWER + " = "
                        + Console.newKey(key(VIEWER)) + ",viewer,ssh\n"
                        + "_g_\\:admingroup = group,admin,manager,viewer,systembundles,ssh\n");
        start();
    }

    /** Names where features and bundles come from; none is left of those that Karaf would ask. */
    void repositories(String urls) throws IOException {
        set(
                "org.ops4j.pax.url.mvn.cfg",
                NOTHING + "org.ops4j.pax.url.mvn.repositories=" + urls + "\norg.ops4j.pax.url.mvn.localRepository="
                        + home.resolve("local") + "\n");
    }

    private void set(String file, String lines) throws IOException {
        Files.writeString(etc().resolve(file), "\n" + lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void start() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString(), "server")
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(home.resolve("output").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF_"));
        builder.environment()
                .putAll(Map.of(
                        "EXTRA_JAVA_OPTS",
                        Sluice.LIGHT + " -Xmx256m -Dsluice.portal=" + portal(),
                        "KARAF_EXEC",
                        "exec"));
        process = builder.start();
        try {
            await(System.getProperty("karaf.version"), ADMINISTRATOR, "system:version");
        } catch (AssertionError silent) {
            after();
            throw silent;
        }
    }

    /** Tries a line until it succeeds and its output has a text. */
    void await(String text, String user, String line) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Tool.Result result = ssh(user, line);
        while (result.exit() != 0 || !result.output().contains(text)) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new AssertionError(line + ": " + result.output() + "\n" + log());
            }
            TimeUnit.MILLISECONDS.sleep(200);
            result = ssh(user, line);
        }
    }

    Tool.Result ssh(String user, String line) {
        return Console.openSsh(sshPort, user, key(user), line);
    }

    String run(String line) {
        return ssh(ADMINISTRATOR, line).expectSuccess().output();
    }

    Path home() {
        return home;
    }

    Path etc() {
        return home.resolve("etc");
    }

    String portal() {
        return "127.0.0.1:" + portalPort;
    }

    long pid() {
        return process.pid();
    }

    String log() throws IOException {
        Path log = home.resolve("data/log/karaf.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private Path key(String user) {
        return home.resolve(user + ".key");
    }

    @Override
    protected void after() {
        if (process != null) {
            process.destroy();
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("Karaf did not end");
                }
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }
}
