package io.sluice.iscsi.connection;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.iscsi.pdu.AsyncMessagePdu;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** Asynchronous messages of SCSI events (RFC 7143 11.9). */
public final class AsyncEventsTest {

    private static final SenseData LUNS = SenseData.of(Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
    private static final SenseData CAPACITY = SenseData.of(Sense.CAPACITY_DATA_HAS_CHANGED);

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<AsyncMessagePdu> told = new LinkedBlockingQueue<>();
    private final AsyncEvents events = new AsyncEvents(loop, told::add);

    @After
    public void stop() {
        loop.shutdownNow();
    }

    @Test
    public void aStormIsGathered() throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            events.attention(0, LUNS);
            events.attention(1L << 48, CAPACITY);
        }
        AsyncMessagePdu first = told.poll(5, TimeUnit.SECONDS);
        assertEquals(0, first.event());
        assertEquals(0, first.lun());
        assertEquals(1L << 48, told.poll(5, TimeUnit.SECONDS).lun());
        long rounds = (System.nanoTime() - begin) / TimeUnit.MILLISECONDS.toNanos(100);
        loop.shutdown();
        assertTrue(loop.awaitTermination(5, TimeUnit.SECONDS));
        assertTrue(told.size() + " more in " + rounds + " rounds", told.size() <= 2 * rounds);
        events.attention(0, LUNS);
    }

    @Test
    public void manyUnitsAreToldOfByAFew() throws InterruptedException {
        for (int lun = 0; lun < 256; lun++) {
            events.attention((long) lun << 48, CAPACITY);
        }
        loop.shutdown();
        assertTrue(loop.awaitTermination(5, TimeUnit.SECONDS));
        assertTrue(told.size() + " messages", told.size() <= 16);
    }

    @Test
    public void theSenseDataStandsBehindItsLength() throws InterruptedException {
        events.attention(3L << 48, CAPACITY);
        AsyncMessagePdu message = told.poll(5, TimeUnit.SECONDS);
        ByteBuf header = Unpooled.buffer(48).writeZero(48);
        message.encode(header);
        assertEquals(3L << 48, header.getLong(8));
        assertEquals(-1, header.getInt(16));
        assertEquals(0, header.getByte(36));
        ByteBuf data = message.data();
        assertEquals(data.readableBytes() - 2, data.readUnsignedShort());
        assertEquals(0x70, data.getByte(2));
        assertEquals(6, data.getByte(4));
        assertEquals(0x2A, data.getByte(14));
        assertEquals(0x09, data.getByte(15));
    }
}
