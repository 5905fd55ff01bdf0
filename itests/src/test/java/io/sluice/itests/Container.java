package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * A container without an engine: what the image says to run, as the user that it says, in namespaces of its own and without any
 * privilege. Its root can only be read; what it may write are its volumes and {@code /tmp}. The network is that of the machine.
 */
final class Container implements AutoCloseable {

    private static final long LIMIT_SECONDS = 120;

    private final Path bundle;
    private final JsonNode process;
    private final Map<String, Path> volumes = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private Process running;
    private Path said;

    /**
     * Unpacks an image and makes empty volumes for it.
     *
     * @param image an archive of the form that OCI describes
     * @param folder an empty one, for everything
     */
    Container(Path image, Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path layout = Files.createDirectory(folder.resolve("layout"));
        Tool.run("tar", "xf", image.toString(), "-C", layout.toString()).expectSuccess();
        String tag = new ObjectMapper()
                .readTree(layout.resolve("index.json").toFile())
                .at("/manifests/0/annotations/org.opencontainers.image.ref.name")
                .asText();
        bundle = folder.resolve("bundle");
        Tool.run("umoci", "unpack", "--image", layout + ":" + tag, bundle.toString())
                .expectSuccess();
        Files.setPosixFilePermissions(bundle, PosixFilePermissions.fromString("rwxr-xr-x"));
        process = configuration().at("/process");
        for (String entry : texts(process.at("/env"))) {
            environment.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        for (String volume : List.of("/etc/sluice", "/var/lib/sluice")) {
            Path made = Files.createDirectory(folder.resolve(volume.replace('/', '_')));
            Tool.run("chown", user() + ":" + group(), made.toString()).expectSuccess();
            volumes.put(volume, made);
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Returns what a runtime is told to run, as the image asks for it. */
    JsonNode configuration() throws IOException {
        return new ObjectMapper().readTree(bundle.resolve("config.json").toFile());
    }

    /** Returns the root folder of the image. */
    Path root() {
        return bundle.resolve("rootfs");
    }

    /** Returns what is in a volume. */
    Path volume(String name) {
        return volumes.get(name);
    }

    String user() {
        return process.at("/user/uid").asText();
    }

    private String group() {
        return process.at("/user/gid").asText();
    }

    /** Sets a variable for what is started from then on. */
    void set(String name, String value) {
        environment.put(name, value);
    }

    /** Starts what the image says, and waits until it says that it runs. */
    void start() throws Exception {
        List<String> command = asItsUser();
        Collections.addAll(command, "bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts");
        Collections.addAll(command, "--as-pid-1", "--die-with-parent", "--clearenv");
        Collections.addAll(command, "--ro-bind", root().toString(), "/", "--proc", "/proc", "--dev", "/dev");
        Collections.addAll(command, "--tmpfs", "/tmp");
        volumes.forEach((name, path) -> Collections.addAll(command, "--bind", path.toString(), name));
        environment.forEach((name, value) -> Collections.addAll(command, "--setenv", name, value));
        command.addAll(texts(process.at("/args")));
        said = Files.createTempFile(bundle.getParent(), "said", ".log");
        running = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        await("Sluice runs with process id");
    }

    private List<String> asItsUser() {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, "setpriv", "--reuid", user(), "--regid", group(), "--clear-groups");
        Collections.addAll(command, "--no-new-privs");
        return command;
    }

    private void await(String words) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!said().contains(words)) {
            assertTrue("it ended: " + said(), running.isAlive());
            assertTrue("it does not say: " + words, System.nanoTime() < deadline);
            running.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns what it has said since its start. */
    String said() throws IOException {
        return Files.readString(said);
    }

    /** Returns the first process in it, by the number that the machine knows it by. */
    ProcessHandle first() {
        return running.children().findFirst().orElseThrow();
    }

    /** Runs something in it besides, as "exec" of an engine does. */
    Tool.Result exec(String... more) {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, "nsenter", "--target", Long.toString(first().pid()));
        Collections.addAll(command, "--mount", "--pid", "--root", "--wd", "--");
        command.addAll(asItsUser());
        Collections.addAll(command, "env", "-i");
        environment.forEach((name, value) -> command.add(name + "=" + value));
        Collections.addAll(command, more);
        return Tool.run(command.toArray(String[]::new));
    }

    /** Sends the first process the signal that ends a container, and returns with which exit status it ended. */
    int stop() throws InterruptedException {
        assertTrue("it is asked to end", first().destroy());
        assertTrue("it ends in time", running.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
        return running.exitValue();
    }

    /** Kills it, if it still runs. */
    @Override
    public void close() {
        if (running != null) {
            running.destroyForcibly().onExit().join();
        }
    }
}
