package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.Rule;
import org.junit.Test;

/** What is told to those who start and stop processes. */
public class HealthTest {

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    private String ask(String method, String path) throws Exception {
        return server.raw(method + " " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    private void answers(int status, String content, String path) throws Exception {
        String answer = ask("GET", path);
        assertTrue(answer, answer.startsWith("HTTP/1.1 " + status + " ") && answer.endsWith("\r\n\r\n" + content));
        String head = ask("HEAD", path);
        assertTrue(head, head.startsWith("HTTP/1.1 " + status + " ") && head.endsWith("\r\n\r\n"));
    }

    @Test
    public void aGatewayThatListensIsReady() throws Exception {
        answers(200, "{\"status\":\"up\"}", "/health/live");
        answers(200, "{\"status\":\"up\"}", "/health/ready");
        assertEquals("and no more", Set.of("portals()"), Set.copyOf(server.gateway.methods));
    }

    @Test
    public void aGatewayThatDoesNotListenIsAliveAndNotReady() throws Exception {
        server.gateway.portals = 0;
        answers(200, "{\"status\":\"up\"}", "/health/live");
        answers(503, "{\"status\":\"down\"}", "/health/ready");
    }

    @Test
    public void aGatewayThatCannotTellIsNotReady() throws Exception {
        server.gateway.before = () -> {
            throw new IllegalStateException("hush");
        };
        answers(503, "{\"status\":\"down\"}", "/health/ready");
    }

    @Test
    public void itIsAliveWhileAllWorkersWait() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(RunningServer.FEW.workers());
        server.gateway.before = () -> {
            waiting.countDown();
            try {
                go.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        };
        CompletableFuture<?>[] requests = new CompletableFuture<?>[RunningServer.FEW.workers()];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.send(Role.VIEWER, "GET", "/gateway", null).statusCode();
                } catch (Exception failed) {
                    throw new IllegalStateException(failed);
                }
            });
        }
        waiting.await();
        answers(200, "{\"status\":\"up\"}", "/health/live");
        go.countDown();
        for (CompletableFuture<?> request : requests) {
            assertEquals(200, request.get());
        }
    }

    @Test
    public void nothingElseIsThere() throws Exception {
        assertTrue(ask("GET", "/health/").startsWith("HTTP/1.1 404 "));
        assertTrue(ask("GET", "/health/live/x").startsWith("HTTP/1.1 404 "));
        assertTrue(ask("POST", "/health/live").startsWith("HTTP/1.1 405 "));
    }
}
