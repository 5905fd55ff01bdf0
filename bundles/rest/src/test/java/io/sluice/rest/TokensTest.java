package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import java.net.http.HttpResponse;
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

    @Test
    public void whoGuessesIsSlowedDownAndNobodyElse() throws Exception {
        boolean slowed = false;
        for (int i = 0; i < 200 && !slowed; i++) {
            HttpResponse<String> answer = server.sendAs("guess", "GET", "/gateway", null);
            slowed = answer.statusCode() == 429;
            assertTrue(slowed || answer.statusCode() == 401);
            assertEquals(
                    slowed ? "1" : "",
                    answer.headers().firstValue("Retry-After").orElse(""));
        }
        assertTrue(slowed);
        long begin = System.nanoTime();
        assertEquals(429, server.sendAs("guess", "GET", "/gateway", null).statusCode());
        assertTrue("it waits for its answer", System.nanoTime() - begin >= 100_000_000);
        String document = server.head("POST", "/backstores").replaceFirst("sluice_", "guess_")
                + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        assertTrue(server.raw(document).startsWith("HTTP/1.1 429"));
        assertEquals(200, server.send(Role.VIEWER, "GET", "/gateway", null).statusCode());
    }

    @Test
    public void everybodyMayReadWhatThereIs() throws Exception {
        HttpResponse<String> answer = server.sendAs(null, "GET", "/openapi.json", null);
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body(), answer.body().contains("\"/backstores/{name}/move\""));
    }
}
