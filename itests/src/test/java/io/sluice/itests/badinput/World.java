package io.sluice.itests.badinput;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.itests.Console;
import io.sluice.itests.Sluice;
import io.sluice.itests.Terminal;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The instance that is attacked, and ways to it. What an attempt opens it closes. */
final class World {

    /** The target that attempts may do anything to: LUN 0 is a file, LUN 1 memory, 16 MiB each in blocks of 512 bytes. */
    static final String TARGET = "iqn.2026-11.io.sluice:attacked";

    /** The target of the load beside, which nobody else touches. */
    static final String BESIDE = "iqn.2026-11.io.sluice:beside";

    static final int BLOCK = 512;
    static final int BLOCKS = (16 << 20) / BLOCK;

    /** Shorter than they are by default, so that what waits for them does not take long. */
    static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(3);

    /** Longer than a line at the console takes, or storage that hangs: who waits for these is not asked. */
    static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    static final Duration PING_TIMEOUT = Duration.ofSeconds(4);

    /** How long storage may take to answer. */
    static final Duration STORE_DEADLINE = Duration.ofSeconds(4);

    /** How much longer than a timeout its effect may take on a busy machine. */
    static final Duration SLACK = Duration.ofSeconds(3);

    private final Sluice sluice;
    private final AtomicInteger hosts = new AtomicInteger();

    World(Sluice sluice) {
        this.sluice = sluice;
    }

    /** Returns an instance whose timeouts are those above, and that looks for every buffer which is forgotten. */
    static Sluice instance() {
        Sluice sluice = new Sluice()
                .configured(
                        "io.sluice.iscsi.cfg",
                        "loginTimeoutSeconds = " + LOGIN_TIMEOUT.toSeconds()
                                + "\npingIntervalSeconds = " + PING_INTERVAL.toSeconds()
                                + "\npingTimeoutSeconds = " + PING_TIMEOUT.toSeconds() + "\n")
                .configured("io.sluice.manager.cfg", "deadlineSeconds = " + STORE_DEADLINE.toSeconds() + "\n");
        sluice.environment("KARAF_OPTS", "-Dio.netty.leakDetection.level=paranoid");
        return sluice;
    }

    /** Makes the targets. */
    void prepare() throws IOException {
        console("backstore:create file attacked --path attacked.img --size 16M");
        console("backstore:create memory attacked1 --size 16M");
        console("target:create " + TARGET + " --backstore attacked --backstore attacked1");
        console("target:create " + BESIDE + " --file beside.img --size 1M");
    }

    Sluice sluice() {
        return sluice;
    }

    InetSocketAddress portal() {
        return sluice.portal();
    }

    long pid() throws IOException {
        return sluice.pid();
    }

    /** Returns all lines of the log. */
    String log() throws IOException {
        return sluice.log();
    }

    /** Runs a line at the console, and fails if that does. */
    String console(String line) throws IOException {
        Terminal.Outcome outcome = tryConsole(line);
        if (outcome.failed()) {
            throw new AssertionError(line + ": " + outcome.text());
        }
        return outcome.text();
    }

    /** Runs a line at the console that may fail. */
    Terminal.Outcome tryConsole(String line) throws IOException {
        return Console.ssh(sluice).run(line);
    }

    /** Returns what {@code gateway:status --json} says. */
    JsonNode status() throws IOException {
        return new ObjectMapper().readTree(console("gateway:status --json"));
    }

    /** Connects as a host of its own, and does not log in. */
    TestInitiator connect() throws IOException {
        return identified(TestInitiator.connect(portal()));
    }

    /** Connects as a host of its own that waits no longer than this for anything. */
    TestInitiator connect(Duration patience) throws IOException {
        return identified(TestInitiator.connect(portal(), patience, 0));
    }

    private TestInitiator identified(TestInitiator initiator) {
        int number = hosts.incrementAndGet();
        return initiator.name("iqn.2026-11.io.sluice:attacker" + number).isid(0x8000_0000_0000L + number);
    }

    /** Logs in to {@link #TARGET}, and takes its unit attentions. */
    TestInitiator login() throws IOException {
        return login(Map.of());
    }

    /** Logs in with keys of one's own. */
    TestInitiator login(Map<String, String> keys) throws IOException {
        return ready(connect().login(TARGET, keys));
    }

    /** Takes the unit attentions of both LUNs. */
    static TestInitiator ready(TestInitiator initiator) throws IOException {
        for (int lun = 0; lun < 2; lun++) {
            while (initiator.execute((long) lun << 48, new byte[6], null, 0).status() != 0) {
                // One unit attention after the other.
            }
        }
        return initiator;
    }

    /** Opens a connection for any bytes; it waits for an answer as long as it takes until a login timed out. */
    Socket socket() throws IOException {
        return socketFrom("127.0.0.1");
    }

    /** Opens a connection from an address of this machine. */
    Socket socketFrom(String host) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(host, 0));
        socket.setTcpNoDelay(true);
        socket.connect(portal(), 5000);
        socket.setSoTimeout((int) LOGIN_TIMEOUT.plus(SLACK).toMillis());
        return socket;
    }

    /** Waits until something is so, and fails if it does not become so in time. */
    static void await(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + patience + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
    }
}
