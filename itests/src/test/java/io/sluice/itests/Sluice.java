package io.sluice.itests;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.rules.ExternalResource;

/** An instance of the distribution, run by its own script as users run it: own folders, free ports, gone after the test. */
public final class Sluice extends ExternalResource {

    public static final String TARGET = "iqn.2026-11.io.sluice:disk";

    static final String LIGHT = "-XX:TieredStopAtLevel=1";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static Path home;

    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private Path folder;
    private int portalPort;
    private int sshPort;
    private boolean started;

    /** Has a file in etc before the instance is started. */
    public Sluice configured(String file, String content) {
        settings.put(file, content);
        return this;
    }

    /**
     * Has it started in half of the processor time, as its code is compiled in a hurry: for those who look at what it does, not at
     * how fast it is.
     */
    public Sluice light() {
        environment.put("EXTRA_JAVA_OPTS", LIGHT);
        return this;
    }

    @Override
    protected void before() throws IOException {
        prepare();
        start().expectSuccess();
    }

    /** Unpacks the archive once, and makes folders and finds ports for this instance. */
    public void prepare() throws IOException {
        folder = Path.of(
                        "target",
                        "instances",
                        NUMBER.incrementAndGet() + "-" + ProcessHandle.current().pid())
                .toAbsolutePath();
        Files.createDirectories(folder);
        portalPort = freePort();
        sshPort = freePort();
        environment.put("SLUICE_PORTAL", "127.0.0.1:" + portalPort);
        environment.put("SLUICE_SSH_PORT", Integer.toString(sshPort));
        environment.put("KARAF_DATA", folder.resolve("data").toString());
        environment.put("KARAF_ETC", folder.resolve("etc").toString());
        // The default is for a machine that does not run a build at the same time.
        environment.put("SLUICE_START_SECONDS", "240");
        environment.put("SLUICE_STATE", folder.resolve("state").toString());
        environment.put("SLUICE_VOLUMES", folder.resolve("volumes").toString());
    }

    /** Has, before it is started, what is kept when an instance is backed up. */
    void restore(Sluice original) throws IOException {
        for (String kept : new String[] {"etc", "volumes", "state"}) {
            Path source = original.folder.resolve(kept);
            if (Files.exists(source)) {
                Tool.run("cp", "-a", source.toString(), folder.toString()).expectSuccess();
            }
        }
    }

    /** Returns where the distribution is unpacked, once for all instances; nothing is written there. */
    static synchronized Path home() throws IOException {
        if (home == null) {
            Path unpacked = Path.of(
                            "target", "distribution-" + ProcessHandle.current().pid())
                    .toAbsolutePath();
            Files.createDirectories(unpacked);
            Tool.run(
                            "tar",
                            "xzf",
                            System.getProperty("sluice.distribution"),
                            "-C",
                            unpacked.toString(),
                            "--strip-components=1")
                    .expectSuccess();
            home = unpacked;
        }
        return home;
    }

    /** Below those that the system gives to connections, so that it is still free after a stop. */
    public static int freePort() throws IOException {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
        } while (!isFree(port));
        return port;
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException taken) {
            return false;
        }
    }

    /** With exit status 2 it runs, but not all that it is to serve can be had. */
    public Tool.Result start() throws IOException {
        configure();
        Tool.Result result = script("start");
        started = result.exit() == 0 || result.exit() == 2;
        return result;
    }

    /** The script fills a folder that has no config.properties, and leaves alone what it finds there. */
    private void configure() throws IOException {
        if (settings.isEmpty() || Files.exists(etc())) {
            return;
        }
        Files.createDirectories(etc());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            Files.writeString(etc().resolve(setting.getKey()), setting.getValue());
        }
    }

    public Tool.Result stop() throws IOException {
        started = false;
        return script("stop");
    }

    public Tool.Result script(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = home().resolve("bin/sluice").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Tool.run(environment, command);
    }

    /** Runs a line of a shell in which {@code $SLUICE} is the script. */
    Tool.Result shell(String line) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("SLUICE", home().resolve("bin/sluice").toString());
        return Tool.run(all, "bash", "-c", line);
    }

    /** Begins what runs until it is ended, such as {@code sluice run}; all output goes to the file. */
    Process begin(Path output, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = home().resolve("bin/sluice").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .start();
    }

    /** What a failed start, or a stop, must not leave: the logs may stay. */
    void expectNothingLeft() throws IOException {
        Path data = folder.resolve("data");
        for (String file : List.of("sluice.pid", "gateway.status", "lock", "port", "karaf.pid")) {
            if (Files.exists(data.resolve(file))) {
                throw new AssertionError(data.resolve(file) + " was left");
            }
        }
        String mark = "-Dkaraf.data=" + data;
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(mark))
                        .orElse(false))
                .findAny()
                .ifPresent(process -> {
                    throw new AssertionError("process " + process.pid() + " still runs");
                });
    }

    /** Ends the process as a power switch would, as far as a process can tell. */
    public void kill() throws IOException {
        ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        started = false;
    }

    public long pid() throws IOException {
        return Long.parseLong(
                Files.readString(folder.resolve("data/sluice.pid")).trim());
    }

    public long residentKiB() throws IOException {
        return processStatus("VmRSS:");
    }

    /** Returns how many threads the process has. */
    long threads() throws IOException {
        return processStatus("Threads:");
    }

    private long processStatus(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Runs a console command that has to succeed, and returns its output. */
    public String console(String command) throws IOException {
        return script("client", command).expectSuccess().output();
    }

    public Path folder() {
        return folder;
    }

    /** Drops a jar into the folder for that, as a whole, so that half of it is not found. */
    Path deploy(Path jar) throws IOException {
        Path whole = Files.copy(jar, folder.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        return Files.move(whole, home().resolve("deploy").resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns where relative paths of files begin. */
    public Path volumes() throws IOException {
        return Files.createDirectories(folder.resolve("volumes"));
    }

    public Path etc() {
        return folder.resolve("etc");
    }

    public int sshPort() {
        return sshPort;
    }

    public void environment(String name, String value) {
        environment.put(name, value);
    }

    public InetSocketAddress portal() {
        return new InetSocketAddress("127.0.0.1", portalPort);
    }

    public String portalText() {
        return "127.0.0.1:" + portalPort;
    }

    public String url(String target, int lun) {
        return "iscsi://" + portalText() + "/" + target + "/" + lun;
    }

    public String log() throws IOException {
        return Files.readString(folder.resolve("data/log/karaf.log"));
    }

    /** It has been stopped otherwise. */
    void forget() {
        started = false;
    }

    @Override
    protected void after() {
        try {
            if (started) {
                stop().expectSuccess();
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
