package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Transport;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;

/** Initiators that break off in any state, while the store is slow: nothing of theirs is left, and memory is given back. */
public final class ChaosTest {

    private static final int ROUNDS = Integer.getInteger("sluice.test.chaosRounds", 150);
    private static final long CHUNK = 4 << 20;

    @Rule
    public final TestServer server =
            new TestServer(TestServer.config(Duration.ofSeconds(60), Duration.ofSeconds(3), Duration.ofSeconds(5)));

    private final Random random = new Random(7143);

    /** A stream of everything, with gaps in the numbers, announced data that does not come and aborts of what may be. */
    private byte[] stream(TestInitiator initiator) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 24; i++) {
            byte[] data = new byte[random.nextInt(65) * BLOCK];
            RawPdu write = initiator
                    .command(LUN_0, Cdb.write10(1000, 512), 512 * BLOCK, 0)
                    .data(data);
            RawPdu pdu =
                    switch (random.nextInt(8)) {
                        case 0 -> write;
                        case 1 -> write.flags(0x21);
                        case 2 -> initiator.command(LUN_0, Cdb.read10(0, 4096), 0, 4096L * BLOCK);
                        case 3 ->
                            initiator.request(RawPdu.NOP_OUT).int32(20, -1).data(data);
                        case 4 ->
                            initiator.taskManagementRequest(1 + random.nextInt(6), LUN_0, i, initiator.cmdSn() - 2);
                        case 5 ->
                            initiator
                                    .request(RawPdu.TEXT)
                                    .int32(20, -1)
                                    .data(TextPairs.encode(Map.of("SendTargets", "")));
                        case 6 -> initiator.dataOut(LUN_0, i, -1, 0, data.length, data, random.nextBoolean());
                        default -> initiator.command(LUN_0, Cdb.synchronizeCache10(), 0, 0);
                    };
            bytes.writeBytes(pdu.toBytes());
            if (random.nextInt(12) == 0) {
                initiator.cmdSn(initiator.cmdSn() + 1);
            }
        }
        if (random.nextInt(4) == 0) {
            bytes.writeBytes(initiator.request(RawPdu.LOGOUT).immediate().toBytes());
        }
        return bytes.toByteArray();
    }

    private void breakOff(TestInitiator initiator) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> initiator.reset();
            case 1 -> initiator.halfClose();
            case 2 -> initiator.close();
            default -> server.server().closeSessions(TARGET, Transport.Cause.TARGET_DISABLED);
        }
    }

    @Test
    public void breakingOffAnywhere() throws IOException {
        ExecutorService slow = Executors.newFixedThreadPool(2);
        server.store().completeOn(slow);
        List<TestInitiator> open = new ArrayList<>();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                TestInitiator initiator = server.connect(Duration.ofSeconds(5), 4096)
                        .name("iqn.2026-11.io.sluice.testkit:chaos" + round % 5)
                        .login(TARGET, Map.of("InitialR2T", round % 2 == 0 ? "No" : "Yes"));
                byte[] bytes = stream(initiator);
                try {
                    initiator.sendBytes(Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                } catch (IOException closedAlready) {
                    assertTrue(
                            closedAlready.getMessage(),
                            !closedAlready.getMessage().isEmpty());
                }
                breakOff(initiator);
                open.add(initiator);
                assertTrue(server.server().dataBytesInUse() <= 64 << 20);
            }
            for (TestInitiator initiator : open) {
                initiator.close();
            }
            TestServer.until(() -> server.server().sessions().isEmpty());
            TestServer.until(() -> server.server().dataBytesInUse() == 0);
            TestInitiator after = server.login();
            after.write10(LUN_0, 64, pattern(8, 42), BLOCK);
            assertArrayEquals(pattern(8, 42), after.read10(LUN_0, 64, 8, BLOCK));
        } finally {
            slow.shutdown();
        }
    }

    @Test
    public void memoryIsGivenBackToTheSystem() throws IOException {
        List<TestInitiator> hosts = new ArrayList<>();
        for (int host = 0; host < 8; host++) {
            TestInitiator initiator = server.connect(Duration.ofSeconds(5), 4096)
                    .name("iqn.2026-11.io.sluice.testkit:host" + host)
                    .login(TARGET);
            TestServer.ready(initiator);
            for (int i = 0; i < 64; i++) {
                initiator.send(initiator
                        .command(LUN_0, Cdb.write10(0, 512), 512 * BLOCK, 0)
                        .data(new byte[65536]));
                initiator.send(initiator.command(LUN_0, Cdb.read10(0, 4096), 0, 4096L * BLOCK));
            }
            hosts.add(initiator);
        }
        TestServer.until(() -> server.server().bufferMemory() >= 10 * CHUNK);
        for (TestInitiator host : hosts) {
            host.reset();
        }
        // The arena of an event loop keeps a page of each size that small buffers have had, in whatever chunk that is.
        TestServer.until(() -> server.server().bufferMemory() <= 6 * CHUNK);
    }
}
