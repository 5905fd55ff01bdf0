package io.sluice.iscsi.connection;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.trace.Tracer;
import io.sluice.iscsi.transfer.DataBudget;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** How often a connection is read, by what its reads bring. */
public final class ReadPaceTest {

    private static final int HEADER = 48;
    private static final int PACKET = 1460;
    private static final int SEGMENT = 256 << 10;
    private static final byte NOP_OUT = 0x40;

    private final PduDecoder decoder = new PduDecoder(8192);
    private final EmbeddedChannel channel = new EmbeddedChannel();

    public ReadPaceTest() {
        DataBudget budget = new DataBudget(DataBudget.MINIMUM);
        Connection connection =
                new Connection(channel, decoder, ServerSettings.DEFAULTS, budget, new Tracer(channel.eventLoop()));
        channel.pipeline().addLast(new ReadPace(connection, decoder), decoder);
        decoder.enterFullFeaturePhase(SEGMENT, false, false);
        channel.freezeTime();
    }

    @After
    public void close() {
        for (InitiatorPdu pdu = channel.readInbound(); pdu != null; pdu = channel.readInbound()) {
            pdu.data().release();
        }
        channel.finishAndReleaseAll();
    }

    private boolean reads() {
        return channel.config().isAutoRead();
    }

    private static byte[] ping(int dataLength) {
        byte[] pdu = new byte[HEADER + dataLength];
        pdu[0] = NOP_OUT;
        pdu[1] = (byte) 0x80;
        pdu[5] = (byte) (dataLength >> 16);
        pdu[6] = (byte) (dataLength >> 8);
        pdu[7] = (byte) dataLength;
        return pdu;
    }

    private void arrive(byte[] bytes, int from, int length) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes, from, length));
    }

    @Test
    public void onePieceOfAByteAfterTheOtherIsReadSeldom() {
        byte[] pdu = ping(4000);
        int sent = 0;
        while (reads()) {
            arrive(pdu, sent++, 1);
        }
        assertTrue(sent + " pieces", sent <= 10);
        channel.advanceTimeBy(4, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertFalse(reads());
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertTrue(reads());
        arrive(pdu, sent++, 1);
        assertFalse("the next piece too makes it rest", reads());
        channel.advanceTimeBy(5, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        arrive(pdu, sent, pdu.length - sent);
        assertTrue("the rest at once does not", reads());
        assertEquals(1, decoder.count());
    }

    @Test
    public void smallPdusAreReadAsTheyCome() {
        byte[] pdu = ping(0);
        for (int i = 0; i < 1000; i++) {
            arrive(pdu, 0, pdu.length);
            assertTrue(reads());
        }
        assertEquals(1000, decoder.count());
    }

    @Test
    public void headersThatComeAheadOfTheirDataAreReadAsTheyCome() {
        byte[] pdu = ping(16);
        for (int i = 0; i < 1000; i++) {
            arrive(pdu, 0, HEADER);
            assertTrue(reads());
            arrive(pdu, HEADER, pdu.length - HEADER);
            assertTrue(reads());
        }
        assertEquals(1000, decoder.count());
    }

    @Test
    public void aLongSegmentIsReadPacketByPacket() {
        byte[] pdu = ping(SEGMENT);
        for (int at = 0; at < pdu.length; at += PACKET) {
            arrive(pdu, at, Math.min(PACKET, pdu.length - at));
            assertTrue(reads());
        }
        assertEquals(1, decoder.count());
    }
}
