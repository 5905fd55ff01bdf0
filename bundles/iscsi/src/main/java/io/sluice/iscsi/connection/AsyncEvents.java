package io.sluice.iscsi.connection;

import io.netty.buffer.Unpooled;
import io.sluice.iscsi.pdu.AsyncMessagePdu;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.SenseData;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells an initiator of changes that it would learn of with its next command only (RFC 7143 11.9, event 0). What comes within
 * 100 ms is gathered: the same event of the same unit is told once. What is not told is not lost, because the unit attention
 * stays. May be told of events on any thread; never blocks.
 */
final class AsyncEvents implements Nexus.Listener {

    private static final int PAUSE_MILLIS = 100;

    /** More units than that at once say no more than these do. */
    private static final int MOST_EVENTS = 16;

    private final ScheduledExecutorService eventLoop;
    private final Consumer<AsyncMessagePdu> initiator;
    private final Map<Event, SenseData> waiting = new LinkedHashMap<>();
    private boolean scheduled;

    private record Event(long lun, SenseData sense) {}

    /** @param initiator takes what is told, on the event loop */
    AsyncEvents(ScheduledExecutorService eventLoop, Consumer<AsyncMessagePdu> initiator) {
        this.eventLoop = eventLoop;
        this.initiator = initiator;
    }

    @Override
    public synchronized void attention(long lun, SenseData sense) {
        if (waiting.size() < MOST_EVENTS) {
            waiting.put(new Event(lun, sense), sense);
        }
        if (!scheduled) {
            scheduled = true;
            schedule();
        }
    }

    private void schedule() {
        try {
            eventLoop.schedule(this::tell, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException eventLoopIsGone) {
            waiting.clear();
        }
    }

    private void tell() {
        Map<Event, SenseData> gathered;
        synchronized (this) {
            gathered = new LinkedHashMap<>(waiting);
            waiting.clear();
            scheduled = false;
        }
        gathered.forEach((event, sense) -> initiator.accept(message(event.lun(), sense)));
    }

    /** Sense data goes behind its length (RFC 7143 11.9.4). */
    private static AsyncMessagePdu message(long lun, SenseData sense) {
        byte[] bytes = sense.encode(false);
        byte[] segment = ByteBuffer.allocate(2 + bytes.length)
                .putShort((short) bytes.length)
                .put(bytes)
                .array();
        return AsyncMessagePdu.scsiEvent(lun, Unpooled.wrappedBuffer(segment));
    }
}
