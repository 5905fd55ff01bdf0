package io.sluice.rest.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpServerCodec;
import io.sluice.management.Role;
import io.sluice.rest.FakeGateway;
import io.sluice.rest.event.Watcher;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Requests that wait for their turn. */
public class RequestHandlerTest {

    private static final int BODY = 10;
    private static final int MOST_WAIT_MILLIS = 200;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Runnable> begun = new ArrayList<>();
    private final BodyBudget budget = new BodyBudget(BODY);
    private Watcher watcher;
    private EmbeddedChannel channel;
    private String token;

    @Before
    public void connect() throws Exception {
        TokenStore tokens =
                new TokenStore(folder.getRoot().toPath().resolve("tokens.json"), Clock.systemUTC(), () -> "");
        token = tokens.create("ci", Role.ADMIN);
        FakeGateway gateway = new FakeGateway();
        // An embedded channel is for one thread: nothing is told on another one.
        watcher = new Watcher(gateway.gateway(), 1, Duration.ofHours(1), work -> new Thread());
        Gate gate =
                new Gate(gateway.gateway(), new Callers(tokens, RestSettings.Clients.NONE), new Resources(), watcher);
        Pace pace = new Pace(1, () -> 0);
        assertEquals("the next one waits", 0, pace.letIn());
        RestSettings.Limits limits = new RestSettings.Limits(1, BODY, BODY, 8192, Duration.ofSeconds(30), 1, 1);
        Deadline deadline = new Deadline(limits.timeout());
        channel =
                new EmbeddedChannel(
                        deadline,
                        new HttpServerCodec(),
                        new RequestHandler(gate, limits, budget, begun::add, deadline, pace)) {
                    @Override
                    protected SocketAddress remoteAddress0() {
                        return new InetSocketAddress("127.0.0.1", 9);
                    }
                };
        channel.freezeTime();
    }

    @After
    public void end() {
        channel.finishAndReleaseAll();
        watcher.close();
    }

    private void send(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    private void sendChange() {
        send("PUT /api/v1/targets/" + FakeGateway.TARGET + "/enabled HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + token + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY + "\r\n\r\n{        }");
        assertFalse("it has what there is", budget.take(1));
    }

    @Test
    public void aRequestWaitsForItsTurn() {
        sendChange();
        channel.advanceTimeBy(MOST_WAIT_MILLIS - 1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(List.of(), begun);
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(1, begun.size());
    }

    @Test
    public void theRequestOfAConnectionThatEndsIsForgotten() {
        sendChange();
        channel.close();
        channel.runPendingTasks();
        assertTrue(budget.take(BODY));
        assertEquals(List.of(), begun);
    }

    @Test
    public void whoFollowsAfterAWaitIsSeenToGo() {
        send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        channel.advanceTimeBy(MOST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        ByteBuf head = channel.readOutbound();
        assertTrue(head.toString(StandardCharsets.US_ASCII).contains("text/event-stream"));
        head.release();
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertFalse(channel.isOpen());
    }

    @Test
    public void whetherTheProcessLivesIsToldAtOnce() {
        send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
        ByteBuf answer = channel.readOutbound();
        assertNotNull(answer);
        assertTrue(answer.toString(StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200 "));
        answer.release();
        channel.releaseOutbound();
        send("GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n");
        assertNull(channel.readOutbound());
    }
}
