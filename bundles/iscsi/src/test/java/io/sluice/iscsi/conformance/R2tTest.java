package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.unsolicited;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.conformance.Exchanges.writeUnsolicited;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.Rule;
import org.junit.Test;

/** Group 10: R2Ts (RFC 7143 11.8). */
public final class R2tTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 10.1: no R2T asks for more than MaxBurstLength, or for nothing. */
    @Test
    public void noR2tAsksForMoreThanABurst() throws IOException {
        for (int burst : new int[] {512, 1000, 4096}) {
            TestInitiator initiator =
                    Exchanges.login(server, "MaxBurstLength", Integer.toString(burst), "FirstBurstLength", "512");
            initiator.send(write(initiator, 0, 9));
            for (int left = 9 * BLOCK; left > 0; ) {
                RawPdu r2t = initiator.expect(RawPdu.R2T);
                assertEquals(Math.min(left, burst), r2t.int32(44));
                left -= r2t.int32(44);
                initiator.send(answer(initiator, r2t, pattern(9, 2)));
            }
            assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
            assertArrayEquals(pattern(9, 2), server.store().content(0, 9));
        }
    }

    /** 10.2: R2Ts ask in order, and begin behind what has come unasked, of which none is asked for again. */
    @Test
    public void offsetsGoOnBehindWhatCameUnasked() throws IOException {
        TestInitiator initiator =
                Exchanges.login(server, "InitialR2T", "No", "FirstBurstLength", "1024", "MaxBurstLength", "1024");
        RawPdu write = writeUnsolicited(initiator, 0, 6).data(ones(512));
        initiator.send(write);
        initiator.send(unsolicited(initiator, write, 0, 512, 512, true));
        for (int offset = 1024; offset < 6 * BLOCK; offset += 1024) {
            RawPdu r2t = initiator.expect(RawPdu.R2T);
            assertEquals(offset, r2t.int32(40));
            assertEquals(1024, r2t.int32(44));
            initiator.send(answer(initiator, r2t, ones(6 * BLOCK)));
        }
        assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        assertArrayEquals(ones(6 * BLOCK), server.store().content(0, 6));
    }

    /** 10.3: no more R2Ts of a command are open than MaxOutstandingR2T allows, and as many if there is data for them. */
    @Test
    public void noMoreAreOpenThanAgreed() throws IOException {
        for (int most : new int[] {1, 2, 8}) {
            TestInitiator initiator = Exchanges.login(
                    server,
                    "MaxBurstLength",
                    "512",
                    "FirstBurstLength",
                    "512",
                    "MaxOutstandingR2T",
                    Integer.toString(most));
            initiator.send(write(initiator, 0, 10));
            Deque<RawPdu> open = new ArrayDeque<>();
            for (int i = 0; i < 10; i++) {
                while (open.size() < Math.min(most, 10 - i)) {
                    open.add(initiator.expect(RawPdu.R2T));
                }
                // No further one: the answer to the ping is what comes.
                initiator.ping(new byte[1]);
                initiator.send(answer(initiator, open.remove(), pattern(10, most)));
            }
            assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        }
    }

    /** 10.4: an R2T names its command and unit, has F and no other flag, and no data. */
    @Test
    public void fieldsOfAnR2t() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1);
        initiator.send(write);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        assertEquals(0x80, r2t.int8(1));
        assertEquals(0, r2t.int16(2));
        assertEquals(0, r2t.int32(4));
        assertEquals(LUN_0, r2t.int64(8));
        assertEquals(write.taskTag(), r2t.taskTag());
    }

    /** 10.5: nothing is asked for that is not wanted: by a read, a write that fails or has brought all, or too early. */
    @Test
    public void nothingIsAskedForThatIsNotWanted() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "No");
        RawPdu read = read(initiator, 0, 8);
        initiator.send(read);
        assertEquals(0, initiator.finish(read.taskTag(), null).r2ts());
        RawPdu beyond = initiator.command(LUN_0, Cdb.write10(BLOCKS, 8), 8 * BLOCK, 0);
        initiator.send(beyond);
        assertEquals(
                0,
                initiator.finish(beyond.taskTag(), null).expectSense(0x052100).r2ts());
        RawPdu whole = write(initiator, 0, 8).data(ones(8 * BLOCK));
        initiator.send(whole);
        assertEquals(0, initiator.finish(whole.taskTag(), null).r2ts());
        RawPdu announced = writeUnsolicited(initiator, 0, 200);
        initiator.send(announced);
        initiator.ping(new byte[1]);
        initiator.send(unsolicited(initiator, announced, 0, 0, 65_536, true));
        assertTrue(initiator.expect(RawPdu.R2T).int32(40) == 65_536);
    }
}
