package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** Who is let in. */
public class TokensTest {

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    private void assertStranger(HttpResponse<String> answer, String challenge) {
        assertEquals(answer.body(), 401, answer.statusCode());
        assertEquals(challenge, answer.headers().firstValue("WWW-Authenticate").orElse(""));
        assertEquals(0, server.gateway.methods.size());
    }

    @Test
    public void withoutATokenNobodyIsLetIn() throws Exception {
        assertStranger(server.sendAs(null, "GET", "/gateway", null), "Bearer realm=\"sluice\"");
        assertStranger(server.sendAs(null, "GET", "/nothing", null), "Bearer realm=\"sluice\"");
    }

    @Test
    public void aWrongTokenDoesNotCount() throws Exception {
        String token = server.token(Role.ADMIN);
        String changed = token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A");
        for (String wrong : new String[] {changed, token + "A", token.substring(1), "x"}) {
            assertStranger(
                    server.sendAs(wrong, "GET", "/gateway", null), "Bearer realm=\"sluice\", error=\"invalid_token\"");
        }
    }

    @Test
    public void aTokenCountsUntilItIsRevoked() throws Exception {
        String token = server.tokens.create("ci", Role.VIEWER);
        assertEquals(200, server.sendAs(token, "GET", "/gateway", null).statusCode());
        server.tokens.revoke("ci");
        assertEquals(401, server.sendAs(token, "GET", "/gateway", null).statusCode());
    }

    /** Guesses until that was too often, and returns that answer; a second later it begins anew. */
    private HttpResponse<String> guessTooOften() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            long begin = System.nanoTime();
            HttpResponse<String> answer = server.sendAs("guess", "GET", "/gateway", null);
            if (answer.statusCode() == 429) {
                assertTrue("it waits for its answer", System.nanoTime() - begin >= 100_000_000);
                return answer;
            }
            assertEquals(answer.body(), 401, answer.statusCode());
            assertEquals("", answer.headers().firstValue("Retry-After").orElse(""));
            assertTrue("nobody is slowed down", begin < end);
        }
    }

    @Test
    public void whoGuessesIsSlowedDownAndNobodyElse() throws Exception {
        assertEquals("1", guessTooOften().headers().firstValue("Retry-After").orElse(""));
        String document = server.head("POST", "/backstores").replaceFirst("sluice_", "guess_")
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        String answer;
        do {
            assertTrue("a document is not slowed down", System.nanoTime() < end);
            guessTooOften();
            answer = server.raw(document);
        } while (answer.startsWith("HTTP/1.1 401"));
        assertTrue(answer, answer.startsWith("HTTP/1.1 429"));
        assertEquals(200, server.send(Role.VIEWER, "GET", "/gateway", null).statusCode());
    }

    @Test
    public void everybodyMayReadWhatThereIs() throws Exception {
        HttpResponse<String> answer = server.sendAs(null, "GET", "/openapi.json", null);
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body(), answer.body().contains("\"/backstores/{name}/move\""));
    }
}
