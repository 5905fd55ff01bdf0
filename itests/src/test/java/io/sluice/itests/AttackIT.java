package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * Four connections that do what a friendly initiator never does, for some seconds each ({@code -Dattack.seconds=60} for
 * longer; {@code -Dattack.only=NAME} for some), beside a session whose I/O is verified: that goes on, the process lives, and its memory has an end.
 */
public class AttackIT {

    private static final int CONNECTIONS = 4;
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("attack.seconds", 5));

    /** This machine gives less now and then, for seconds; what an attack has broken stays broken. */
    private static final Duration SETTLE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final double KEPT = 0.8;

    /** Attackers take their part of the processors of this machine too. */
    private static final double KEPT_BESIDE_ATTACKERS = 0.5;

    private static final int WINDOWS = 8;
    private static final Duration WINDOW = Duration.ofMillis(250);

    /** Heap, data memory and what the virtual machine needs for itself. */
    private static final long LIMIT_KIB = 900 << 10;

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    private final List<Thread> attackers = new ArrayList<>();
    private final List<Double> withoutAttackers = new ArrayList<>();
    private volatile CountDownLatch end = new CountDownLatch(1);

    /** What one connection does again and again until it is closed or the time is over. */
    @FunctionalInterface
    private interface Attack {
        void run(int number) throws IOException;
    }

    private final Map<String, Attack> attacks = new LinkedHashMap<>();

    public AttackIT() {
        attacks.put("pings without reading", this::pings);
        attacks.put("task management without reading", this::taskManagement);
        attacks.put("text without reading", this::text);
        attacks.put("R2Ts that are never answered", this::unansweredR2ts);
        attacks.put("segments of one byte", this::tinySegments);
        attacks.put("unsolicited data without end", this::unsolicitedData);
        attacks.put("half-open connections", this::halfOpen);
        attacks.put("discovery sessions", this::discovery);
        attacks.keySet().removeIf(name -> !name.contains(System.getProperty("attack.only", "")));
    }

    @Test
    public void nobodyElseIsHarmed() throws Exception {
        SLUICE.console("target:create " + Sluice.TARGET + " --file attacked.img --size 64M");
        long pid = SLUICE.pid();
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 1)) {
            load.over(Duration.ofSeconds(5));
            for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
                double before = perSecond(load)[WINDOWS / 2];
                double usual = Math.min(before, usual(before));
                begin(attack.getValue());
                VerifiedLoad.Figures during = during(load, KEPT_BESIDE_ATTACKERS * usual);
                long resident = SLUICE.residentKiB();
                end();
                double after = settled(load, KEPT * usual);
                usual(after);
                System.out.printf(
                        "%s: %.0f, %.0f, %.0f a second before, during and after, longest %d us, %d MiB resident%n",
                        attack.getKey(), before, during.perSecond(), after, during.longestMicros(), resident / 1024);
                assertTrue(attack.getKey() + ": " + resident + " KiB", resident < LIMIT_KIB);
                assertTrue(
                        attack.getKey() + ": " + usual + ", and " + during,
                        during.perSecond() >= KEPT_BESIDE_ATTACKERS * usual);
                assertTrue(attack.getKey() + ": " + usual + ", then " + after, after >= KEPT * usual);
            }
        }
        assertTrue(
                "the process lives",
                SLUICE.pid() == pid && ProcessHandle.of(pid).isPresent());
        String log = SLUICE.log();
        assertTrue(log, !log.contains("met a bug") && !log.contains("OutOfMemory"));
    }

    /** Returns the figures beside attackers; when they are too low, those of a second and third time, while the attack goes on. */
    private static VerifiedLoad.Figures during(VerifiedLoad load, double wanted) throws Exception {
        VerifiedLoad.Figures figures = load.over(TIME);
        for (int again = 0; again < 2 && figures.perSecond() < wanted; again++) {
            figures = load.over(TIME);
        }
        return figures;
    }

    /**
     * Returns what is usual without attackers, the middle of all that was seen so far: what this machine gives varies by a third
     * from one moment to the next, whatever the gateway does, so that a moment alone may be too much to ask for.
     */
    private double usual(double another) {
        withoutAttackers.add(another);
        withoutAttackers.sort(null);
        return withoutAttackers.get((withoutAttackers.size() - 1) / 2);
    }

    /** Returns the best rate there is once it is as it was, or when it should have become that by all means. */
    private static double settled(VerifiedLoad load, double wanted) throws Exception {
        long until = System.nanoTime() + SETTLE.toNanos();
        double best = 0;
        do {
            best = Math.max(best, perSecond(load)[WINDOWS - 1]);
        } while (best < wanted && System.nanoTime() < until);
        return best;
    }

    /** Returns the rates in some windows, the lowest first: another process of the machine spoils one, not all. */
    private static double[] perSecond(VerifiedLoad load) throws Exception {
        double[] rates = new double[WINDOWS];
        for (int i = 0; i < WINDOWS; i++) {
            rates[i] = load.over(WINDOW).perSecond();
        }
        Arrays.sort(rates);
        return rates;
    }

    private void begin(Attack attack) {
        end = new CountDownLatch(1);
        for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            Thread attacker = new Thread(() -> repeat(attack, number), "attacker-" + i);
            attackers.add(attacker);
            attacker.start();
        }
    }

    /** A gateway that closes the connection has defended itself; then the next one comes. */
    private void repeat(Attack attack, int number) {
        while (!isOver(Duration.ZERO)) {
            try {
                attack.run(number);
            } catch (IOException | AssertionError closed) {
                isOver(PAUSE);
            }
        }
    }

    /** Returns whether the attack is over, after a while at most. */
    private boolean isOver(Duration wait) {
        try {
            return end.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @After
    public void end() throws InterruptedException {
        end.countDown();
        for (Thread attacker : attackers) {
            attacker.join();
        }
        attackers.clear();
    }

    private static TestInitiator connect(int number) throws IOException {
        return TestInitiator.connect(SLUICE.portal(), Duration.ofSeconds(2), 4096)
                .name("iqn.2026-11.io.sluice:attacker" + number)
                .isid(0x8000_0000_1000L + number);
    }

    /** Sends the same bytes until the connection takes no more or the time is over; reads nothing. */
    private void flood(TestInitiator initiator, byte[] batch) throws IOException {
        cutAtTheEnd(initiator);
        while (!isOver(Duration.ZERO)) {
            initiator.sendBytes(batch);
        }
    }

    /** A send that waits for a gateway which does not read any more ends with the connection. */
    private void cutAtTheEnd(TestInitiator initiator) {
        CountDownLatch mine = end;
        Thread cutter = new Thread(() -> {
            try {
                mine.await();
                initiator.reset();
            } catch (InterruptedException | IOException closed) {
                mine.countDown();
            }
        });
        cutter.setDaemon(true);
        cutter.start();
    }

    private static byte[] repeated(RawPdu pdu, int times) {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        byte[] bytes = pdu.toBytes();
        for (int i = 0; i < times; i++) {
            batch.writeBytes(bytes);
        }
        return batch.toByteArray();
    }

    private void pings(int number) throws IOException {
        TestInitiator initiator = connect(number).login(Sluice.TARGET);
        RawPdu ping = initiator.request(RawPdu.NOP_OUT).immediate().int32(20, RawPdu.RESERVED_TAG);
        flood(initiator, repeated(ping, 1000));
    }

    private void taskManagement(int number) throws IOException {
        TestInitiator initiator = connect(number).login(Sluice.TARGET);
        flood(initiator, repeated(initiator.taskManagementRequest(1, 0, 0x7777, 0), 1000));
    }

    private void text(int number) throws IOException {
        TestInitiator initiator = connect(number).loginDiscovery();
        RawPdu request = initiator
                .request(RawPdu.TEXT)
                .immediate()
                .int32(20, RawPdu.RESERVED_TAG)
                .data(TextPairs.encode(Map.of("SendTargets", "All")));
        flood(initiator, repeated(request, 100));
    }

    private void unansweredR2ts(int number) throws IOException {
        try (TestInitiator initiator =
                connect(number).login(Sluice.TARGET, Map.of("ImmediateData", "No", "InitialR2T", "Yes"))) {
            for (int i = 0; i < 100; i++) {
                initiator.send(initiator.command(0, Cdb.write10(100_000, 512), 512 * 512, 0));
            }
            while (!isOver(Duration.ZERO)) {
                RawPdu pdu = receive(initiator);
                if (pdu != null && pdu.opcode() == RawPdu.NOP_IN) {
                    initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                            .immediate()
                            .int32(16, RawPdu.RESERVED_TAG)
                            .int32(20, pdu.int32(20))
                            .int32(24, initiator.cmdSn()));
                }
            }
        }
    }

    private static RawPdu receive(TestInitiator initiator) throws IOException {
        try {
            return initiator.receive();
        } catch (SocketTimeoutException quiet) {
            return null;
        }
    }

    private void tinySegments(int number) throws IOException {
        try (Socket socket = connected()) {
            TestInitiator shape = connect(number);
            byte[] login = shape.loginRequest(0x87).data(new byte[4000]).toBytes();
            shape.close();
            for (int i = 0; i < login.length - 1 && !isOver(Duration.ZERO); i++) {
                socket.getOutputStream().write(login[i]);
            }
        }
    }

    private static Socket connected() throws IOException {
        InetSocketAddress portal = SLUICE.portal();
        Socket socket = new Socket(portal.getAddress(), portal.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(2000);
        return socket;
    }

    private void unsolicitedData(int number) throws IOException {
        TestInitiator initiator = connect(number).login(Sluice.TARGET, Map.of("InitialR2T", "No"));
        for (int i = 0; i < 120; i++) {
            RawPdu command = initiator.command(0, Cdb.write10(100_000, 128), 65_536, 0);
            initiator.send(command.flags(command.int8(1) & 0x7F).data(new byte[8192]));
        }
        cutAtTheEnd(initiator);
        while (!isOver(Duration.ZERO)) {
            RawPdu pdu = receive(initiator);
            if (pdu == null) {
                initiator.ping(new byte[4]);
            }
        }
    }

    private void halfOpen(int number) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            while (!isOver(Duration.ZERO) && sockets.size() < 600) {
                sockets.add(connected());
            }
            isOver(TIME);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private void discovery(int number) throws IOException {
        List<TestInitiator> sessions = new ArrayList<>();
        try {
            while (!isOver(Duration.ZERO) && sessions.size() < 300) {
                sessions.add(
                        connect(number).isid(number * 1000L + sessions.size()).loginDiscovery());
            }
            isOver(TIME);
        } finally {
            for (TestInitiator session : sessions) {
                session.close();
            }
        }
    }
}
