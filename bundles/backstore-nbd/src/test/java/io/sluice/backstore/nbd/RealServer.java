package io.sluice.backstore.nbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An NBD server of somebody else, in a process that ends with the test; and the same again after a kill. */
final class RealServer implements AutoCloseable {

    private static final long READY_SECONDS = 60;

    /** nbdkit ends with the thread that has started it: this one stays. */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "starter-of-servers");
        thread.setDaemon(true);
        return thread;
    });

    private final SocketAddress listens;
    private final List<String> command;
    private final Path log;
    private Process process;

    private RealServer(SocketAddress listens, List<String> command, Path log) {
        this.listens = listens;
        this.command = command;
        this.log = log;
    }

    /** Starts nbdkit on a socket of this machine: filters, plugin and its parameters are as on its command line. */
    static RealServer nbdkit(Path socket, String... rest) throws Exception {
        return start(
                UnixDomainSocketAddress.of(socket),
                socket,
                line(List.of("nbdkit", "-f", "-U", socket.toString()), rest));
    }

    /** Starts nbdkit on a port of the loopback. */
    static RealServer nbdkit(int port, Path folder, String... rest) throws Exception {
        return start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                folder.resolve("nbdkit-" + port),
                line(List.of("nbdkit", "-f", "-i", "127.0.0.1", "-p", "" + port), rest));
    }

    /** Starts qemu-nbd on a socket, with an image. */
    static RealServer qemu(Path socket, Path image, String format, String... more) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("qemu-nbd", "-t", "-k", socket.toString(), "-f", format, "-e", "8", "--discard=unmap"));
        command.addAll(List.of(more));
        command.add(image.toString());
        return start(UnixDomainSocketAddress.of(socket), socket, command);
    }

    private static List<String> line(List<String> first, String... rest) {
        List<String> command = new ArrayList<>(first);
        command.addAll(List.of(rest));
        return command;
    }

    private static RealServer start(SocketAddress listens, Path name, List<String> command) throws Exception {
        RealServer server = new RealServer(listens, command, Path.of(name + ".log"));
        server.start();
        return server;
    }

    /** Returns a port that nobody listens on now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Runs a program to its end. */
    static void run(String... command) throws Exception {
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(program.getInputStream().readAllBytes());
        assertEquals(String.join(" ", command) + ": " + output, 0, program.waitFor());
    }

    /** Starts it again. */
    void start() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        process = STARTER.submit(builder::start).get();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!answers()) {
            assertTrue(command + " does not listen, see " + log, System.nanoTime() < deadline && process.isAlive());
            process.waitFor(10, TimeUnit.MILLISECONDS);
        }
    }

    private boolean answers() {
        var family =
                listens instanceof UnixDomainSocketAddress ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
        try (SocketChannel channel = SocketChannel.open(family)) {
            return channel.connect(listens);
        } catch (IOException notYet) {
            return false;
        }
    }

    /** As kill -9. */
    void kill() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        if (listens instanceof UnixDomainSocketAddress local) {
            Files.deleteIfExists(local.getPath());
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
    }
}
