package io.sluice.rest.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.rest.event.Change;
import io.sluice.rest.event.Watcher;
import io.sluice.rest.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a connection of changes as server-sent events, until either side ends it. What it has not yet taken is bounded: who does
 * not keep up is closed, and begins anew. On the event loop of the connection.
 */
final class EventStream implements Watcher.Follower {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** As often it is looked whether the caller still may. */
    private static final long BEAT_MILLIS = 1000;

    private static final int BEATS_OF_SILENCE = 10;

    private final ChannelHandlerContext context;
    private final BooleanSupplier counts;
    private final Duration mostBehind;
    private ChannelFuture written;
    private long behindSince;
    private int silent;

    /** @param mostBehind how long it may take until the peer has taken something */
    EventStream(ChannelHandlerContext context, BooleanSupplier counts, Duration mostBehind) {
        this.context = context;
        this.counts = counts;
        this.mostBehind = mostBehind;
    }

    /** @param leave is called when the connection has ended */
    void start(Runnable leave) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                // No length: its end is that of the connection.
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        write(head);
        ScheduledFuture<?> beats =
                context.executor().scheduleWithFixedDelay(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> {
            beats.cancel(false);
            leave.run();
        });
    }

    private void beat() {
        boolean behind = !written.isDone() && System.nanoTime() - behindSince > mostBehind.toNanos();
        if (behind || !counts.getAsBoolean()) {
            context.close();
        } else if (++silent >= BEATS_OF_SILENCE) {
            tell(": nothing has changed\n\n");
        }
    }

    private void tell(String text) {
        silent = 0;
        if (context.channel().isWritable()) {
            write(new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
        } else {
            context.close();
        }
    }

    private void write(Object part) {
        if (written == null || written.isDone()) {
            behindSince = System.nanoTime();
        }
        written = context.writeAndFlush(part);
    }

    @Override
    public void begins(long id) {
        String text = event(id, "hello", "/");
        onLoop(() -> tell(text));
    }

    @Override
    public void changed(long firstId, List<Change> changes) {
        StringBuilder text = new StringBuilder();
        long id = firstId;
        for (Change change : changes) {
            text.append(event(id++, change.kind().label(), change.path()));
        }
        onLoop(() -> tell(text.toString()));
    }

    @Override
    public void ends() {
        onLoop(context::close);
    }

    private static String event(long id, String name, String path) {
        String data = new String(Json.bytes(Map.of("path", path)), StandardCharsets.UTF_8);
        return "id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n";
    }

    private void onLoop(Runnable task) {
        try {
            context.executor().execute(task);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("nobody is told: the server has stopped");
        }
    }
}
