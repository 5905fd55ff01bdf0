package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.Rule;
import org.junit.Test;

/** An initiator that takes its answers slowly, but takes them, is there, though it is not read meanwhile. */
public final class SlowReaderTest {

    /** Several times what sockets and the server hold, taken in several times the two seconds that data may be missing. */
    private static final int PINGS = 400;

    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Rule
    public final TestServer server = new TestServer(TestServer.pinging());

    @Test
    public void dataThatIsNotReadIsNotMissing() throws Exception {
        TestInitiator slow = TestServer.ready(
                server.connect(Duration.ofSeconds(20), 64 << 10).login(TARGET));
        RawPdu write = slow.command(LUN_0, Cdb.write10(0, 1), BLOCK, 0);
        slow.send(write);
        int tag = slow.expect(RawPdu.R2T).int32(20);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] ping = new byte[64 << 10];
        for (int i = 0; i < PINGS; i++) {
            bytes.writeBytes(slow.request(RawPdu.NOP_OUT)
                    .immediate()
                    .int32(20, -1)
                    .data(ping)
                    .toBytes());
        }
        bytes.writeBytes(slow.dataOut(LUN_0, write.taskTag(), tag, 0, 0, pattern(1, 1), true)
                .toBytes());
        CompletableFuture<Void> sending = CompletableFuture.runAsync(
                () -> send(slow, bytes.toByteArray()), command -> new Thread(command).start());
        RawPdu answer = slow.receive();
        while (answer.opcode() == RawPdu.NOP_IN) {
            LockSupport.parkNanos(PACE_NANOS);
            answer = slow.receive();
        }
        sending.get(20, TimeUnit.SECONDS);
        assertEquals(RawPdu.SCSI_RESPONSE, answer.opcode());
        assertEquals(0, answer.int8(3));
        assertArrayEquals(pattern(1, 1), server.store().content(0, 1));
    }

    private static void send(TestInitiator initiator, byte[] bytes) {
        try {
            initiator.sendBytes(bytes);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
