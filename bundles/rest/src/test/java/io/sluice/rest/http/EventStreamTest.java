package io.sluice.rest.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.ReferenceCountUtil;
import io.sluice.rest.event.Change;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** A stream whose peer may be slow, or gone. */
public class EventStreamTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private boolean counts = true;
    private boolean left;

    @After
    public void close() {
        channel.finishAndReleaseAll();
    }

    private EventStream start(Duration mostBehind) {
        channel.freezeTime();
        channel.pipeline().addLast("end", new ChannelInboundHandlerAdapter());
        EventStream stream = new EventStream(channel.pipeline().context("end"), () -> counts, mostBehind);
        stream.start(() -> left = true);
        channel.runPendingTasks();
        return stream;
    }

    private void passes(long seconds) {
        for (long i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    private String written() {
        StringBuilder all = new StringBuilder();
        for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            all.append(part instanceof HttpContent content ? content.content().toString(StandardCharsets.UTF_8) : part);
            ReferenceCountUtil.release(part);
        }
        return all.toString();
    }

    @Test
    public void eventsAreWrittenWithTheirNumbers() {
        EventStream stream = start(Duration.ofSeconds(30));
        assertTrue(written().contains("content-type: text/event-stream"));
        stream.begins(7);
        stream.changed(
                8,
                List.of(
                        new Change(Change.Kind.MADE, "/backstores/disk1"),
                        new Change(Change.Kind.REMOVED, "/sessions/3")));
        channel.runPendingTasks();
        assertEquals(
                "id: 7\nevent: hello\ndata: {\"path\":\"/\"}\n\n"
                        + "id: 8\nevent: made\ndata: {\"path\":\"/backstores/disk1\"}\n\n"
                        + "id: 9\nevent: removed\ndata: {\"path\":\"/sessions/3\"}\n\n",
                written());
        passes(9);
        assertEquals("", written());
        passes(1);
        assertTrue(written().startsWith(": "));
        assertFalse(left);
    }

    @Test
    public void whoMayNoLongerIsToldNothingMoreAfterASecond() {
        start(Duration.ofSeconds(30));
        counts = false;
        passes(1);
        assertFalse(channel.isOpen());
        assertTrue(left);
    }

    @Test
    public void whoseBufferIsFullIsClosedWithTheNextEvent() {
        EventStream stream = start(Duration.ofSeconds(30));
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        passes(5);
        assertTrue(channel.isOpen());
        stream.changed(1, List.of(new Change(Change.Kind.CHANGED, "/gateway")));
        channel.runPendingTasks();
        assertFalse(channel.isOpen());
        assertTrue(left);
    }

    @Test
    public void whoTakesNothingIsClosedInTime() {
        channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object part, ChannelPromise never) {
                ReferenceCountUtil.release(part);
            }
        });
        start(Duration.ofMillis(1));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
        while (System.nanoTime() <= end) {
            Thread.onSpinWait();
        }
        passes(1);
        assertFalse(channel.isOpen());
        assertTrue(left);
    }
}
