package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.junit.Rule;
import org.junit.Test;

/** Many of everything: sessions, LUNs, targets, and strangers that only connect. */
public class ScaleIT {

    private static final String TARGET = "iqn.2026-11.io.sluice:scale";
    private static final int SESSIONS = 1024;
    private static final int LUNS = 256;
    private static final int TARGETS = 1024;
    private static final int HALF_OPEN = 2000;
    private static final int BLOCK = 512;
    private static final long SESSION_KIB = 64;
    private static final long HALF_OPEN_KIB = 32 << 10;
    private static final Duration LOGIN_LIMIT = Duration.ofSeconds(1);
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

    /** A machine that builds something else meanwhile takes longer for everything. */
    private static final Duration SLACK = Duration.ofSeconds(10);

    @Rule
    public final Sluice sluice = new Sluice();

    private static byte[] block(int number) {
        byte[] data = new byte[BLOCK];
        Arrays.fill(data, (byte) (1 + number % 255));
        return ByteBuffer.wrap(data).putInt(0, number).array();
    }

    @Test
    public void aThousandSessionsThatAllDoVerifiedIo() throws IOException {
        sluice.console("backstore:create memory scale --size 4M; target:create " + TARGET + " --backstore scale");
        List<TestInitiator> sessions = new ArrayList<>();
        try {
            login(sessions, 64);
            long few = sluice.residentKiB();
            login(sessions, SESSIONS);
            long idle = (sluice.residentKiB() - few) / (SESSIONS - 64);
            for (int i = 0; i < SESSIONS; i++) {
                sessions.get(i).write10(0, i, block(i), BLOCK);
            }
            for (int i = 0; i < SESSIONS; i++) {
                int other = (i + 1) % SESSIONS;
                assertArrayEquals(block(other), sessions.get(i).read10(0, other, 1, BLOCK));
            }
            System.out.println("an idle session takes " + idle + " KiB");
            assertTrue(idle + " KiB for an idle session", idle < SESSION_KIB);
        } finally {
            for (TestInitiator session : sessions) {
                session.close();
            }
        }
    }

    private void login(List<TestInitiator> sessions, int count) throws IOException {
        while (sessions.size() < count) {
            TestInitiator session = TestInitiator.connect(sluice.portal())
                    .name("iqn.2026-11.com.example:host" + sessions.size())
                    .login(TARGET);
            sessions.add(session);
            while (session.execute(0, Cdb.testUnitReady(), null, 0).status() != 0) {
                // One unit attention after the other.
            }
        }
    }

    @Test
    public void manyTargetsAndLunsAreThereAfterARestartToo() throws IOException {
        Path document = sluice.etc().resolve("gateway.json");
        Files.writeString(document, document());
        sluice.console("gateway:apply");
        expectAll();
        sluice.stop().expectSuccess();
        sluice.start().expectSuccess();
        expectAll();
    }

    /** One target with all the LUNs, and many with one. */
    private static String document() {
        StringJoiner stores = new StringJoiner(", ");
        StringJoiner luns = new StringJoiner(", ");
        for (int i = 0; i < LUNS; i++) {
            stores.add("{\"name\": \"d" + i + "\", \"type\": \"null\", \"sizeBytes\": 1048576}");
            luns.add("{\"lun\": " + i + ", \"backstore\": \"d" + i + "\"}");
        }
        StringJoiner targets = new StringJoiner(", ");
        targets.add("{\"name\": \"" + TARGET + "\", \"luns\": [" + luns + "]}");
        for (int i = 1; i < TARGETS; i++) {
            targets.add("{\"name\": \"" + TARGET + i + "\", \"luns\": [{\"lun\": 0, \"backstore\": \"d" + i % LUNS
                    + "\"}]}");
        }
        return "{\"version\": 1, \"backstores\": [" + stores + "], \"targets\": [" + targets + "]}";
    }

    private void expectAll() throws IOException {
        try (TestInitiator discovery = TestInitiator.connect(sluice.portal()).loginDiscovery()) {
            String all = discovery.text(Map.of("SendTargets", "All"));
            assertEquals(TARGETS, all.split("TargetName=" + TARGET, -1).length - 1);
        }
        try (TestInitiator host = TestInitiator.connect(sluice.portal()).login(TARGET)) {
            byte[] list =
                    host.execute(0, Cdb.twelve(0xA0, 0, 0, 8192), null, 8192).data();
            assertEquals(8 * LUNS, ByteBuffer.wrap(list).getInt());
            host.execute((LUNS - 1L) << 48, Cdb.inquiry(36), null, 36).expectGood();
        }
    }

    @Test
    public void strangersThatOnlyConnectKeepNobodyOut() throws IOException {
        sluice.console("target:create " + TARGET + " --file scale.img --size 1M");
        long before = sluice.residentKiB();
        List<Socket> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < HALF_OPEN; i++) {
                Socket stranger = new Socket();
                strangers.add(stranger);
                stranger.connect(sluice.portal(), 5000);
            }
            long begin = System.nanoTime();
            try (TestInitiator host =
                    TestInitiator.connectFrom("127.0.0.2", sluice.portal()).login(TARGET)) {
                Duration took = Duration.ofNanos(System.nanoTime() - begin);
                long grown = sluice.residentKiB() - before;
                System.out.println("beside " + HALF_OPEN + " half-open connections a login takes " + took.toMillis()
                        + " ms; they cost " + grown + " KiB");
                assertTrue(took.toMillis() + " ms", took.compareTo(LOGIN_LIMIT) < 0);
                assertTrue(grown + " KiB", grown < HALF_OPEN_KIB);
                host.logout();
            }
            long deadline = System.nanoTime() + LOGIN_TIMEOUT.plus(SLACK).toNanos();
            for (Socket stranger : strangers) {
                stranger.setSoTimeout((int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                assertEquals("closed by the gateway", -1, read(stranger));
            }
        } finally {
            for (Socket stranger : strangers) {
                stranger.close();
            }
        }
    }

    /** A reset is an end too. */
    private static int read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException reset) {
            return -1;
        }
    }
}
