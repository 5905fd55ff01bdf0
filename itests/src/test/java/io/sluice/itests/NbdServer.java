package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An NBD server of somebody else, on a socket of this machine. */
final class NbdServer implements AutoCloseable {

    private static final long READY_SECONDS = 60;

    private final Path socket;
    private final List<String> command;
    private Process process;

    private NbdServer(Path socket, List<String> command) {
        this.socket = socket;
        this.command = command;
    }

    /** Starts qemu-nbd with a new qcow2 image. */
    static NbdServer qcow2(Path folder, String name, String size) throws IOException {
        Path image = folder.resolve(name + ".qcow2");
        Files.deleteIfExists(image);
        Tool.run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), size)
                .expectSuccess();
        // The path of a socket has little room.
        Path socket = Files.createTempDirectory("nbd").resolve(name);
        NbdServer server = new NbdServer(
                socket,
                List.of(
                        "qemu-nbd",
                        "-t",
                        "-e",
                        "8",
                        "-k",
                        socket.toString(),
                        "-f",
                        "qcow2",
                        "--discard=unmap",
                        "--detect-zeroes=unmap",
                        image.toString()));
        server.start();
        return server;
    }

    /** Returns the address for the configuration of a disk. */
    String uri() {
        return "nbd+unix:///?socket=" + socket;
    }

    void start() throws IOException {
        Files.deleteIfExists(socket);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!answers()) {
            assertTrue(command + " does not listen", System.nanoTime() < deadline && process.isAlive());
        }
    }

    private boolean answers() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As kill -9. */
    void kill() throws IOException {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(socket.getParent());
    }
}
