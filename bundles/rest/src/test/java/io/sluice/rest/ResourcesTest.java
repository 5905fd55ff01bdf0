package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.Rule;
import org.junit.Test;

/** What other bundles add, well and badly. */
public class ResourcesTest {

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    private final List<HttpRead> reads = new CopyOnWriteArrayList<>();

    private HttpResource add(String path, Role role, Function<HttpRead, HttpAnswer> answer) {
        HttpResource resource = new HttpResource() {
            @Override
            public String path() {
                return path;
            }

            @Override
            public Optional<Role> role() {
                return Optional.ofNullable(role);
            }

            @Override
            public HttpAnswer get(HttpRead request) {
                reads.add(request);
                return answer.apply(request);
            }
        };
        server.resources.add(resource);
        return resource;
    }

    private static HttpAnswer text(String text) {
        return HttpAnswer.ok("text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    private String ask(String method, String target, String headers) throws Exception {
        return server.raw(method + " " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n");
    }

    private static String status(String answer) {
        return answer.split(" ", 3)[1];
    }

    private static String content(String answer) {
        return answer.split("\r\n\r\n", 2)[1];
    }

    private String bearer(Role role) {
        return "Authorization: Bearer " + server.token(role) + "\r\n";
    }

    @Test
    public void theLongestPathAnswers() throws Exception {
        add("/console/", null, read -> text("below"));
        add("/console/live/", null, read -> text("live"));
        add("/console/exact", null, read -> text("exact"));
        add("/console/", null, read -> text("later"));
        assertEquals("below", content(ask("GET", "/console/", "")));
        assertEquals("below", content(ask("GET", "/console/a/b", "")));
        assertEquals("live", content(ask("GET", "/console/live/x", "")));
        assertEquals("exact", content(ask("GET", "/console/exact", "")));
        assertEquals("below", content(ask("GET", "/console/exact/x", "")));
        assertEquals("404", status(ask("GET", "/consoles", "")));
        assertEquals("404", status(ask("GET", "/nothing", "")));
    }

    @Test
    public void aResourceComesAndGoesWhileTheServerRuns() throws Exception {
        HttpResource resource = add("/metrics", null, read -> text("one 1\n"));
        assertEquals("one 1\n", content(ask("GET", "/metrics", "")));
        server.resources.remove(resource);
        assertEquals("404", status(ask("GET", "/metrics", "")));
    }

    @Test
    public void theServersOwnGoesFirst() throws Exception {
        add("/api/v1/backstores", null, read -> text("taken"));
        add("/api/", null, read -> text("taken"));
        add("/health/live", null, read -> text("taken"));
        add("/", null, read -> text("root"));
        assertEquals("401", status(ask("GET", "/api/v1/backstores", "")));
        assertEquals("401", status(ask("GET", "/%61pi/v1/backstores", "")));
        assertFalse(ask("GET", "/health/live", "").contains("taken"));
        assertEquals("root", content(ask("GET", "/", "")));
        assertEquals("root", content(ask("GET", "/x", "")));
    }

    @Test
    public void aRoleNeedsItsToken() throws Exception {
        add("/private", Role.OPERATOR, read -> text("for few"));
        String stranger = ask("GET", "/private", "");
        assertEquals("401", status(stranger));
        assertTrue(stranger, stranger.contains("WWW-Authenticate: Bearer"));
        assertEquals("401", status(ask("GET", "/private", "Authorization: Bearer sluice_none\r\n")));
        assertEquals("403", status(ask("GET", "/private", bearer(Role.VIEWER))));
        assertEquals(List.of(), reads);
        assertEquals("for few", content(ask("GET", "/private", bearer(Role.ADMIN))));
        assertFalse("a token is given away", reads.get(0).headers().containsKey("authorization"));
    }

    @Test
    public void onlyReadingIsForResources() throws Exception {
        add("/metrics", null, read -> text("12345"));
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get")) {
            String answer = ask(method, "/metrics", "");
            assertEquals(method, "405", status(answer));
            assertTrue(answer, answer.contains("Allow: GET, HEAD\r\n"));
        }
        assertEquals("400", status(ask("GET", "/metrics", "Content-Length: 1\r\n")));
        assertEquals(List.of(), reads);
        String head = ask("HEAD", "/metrics", "");
        assertEquals("200", status(head));
        assertTrue(head, head.contains("content-length: 5\r\n"));
        assertEquals("", content(head));
    }

    @Test
    public void pathAndQueryComeDecoded() throws Exception {
        add("/files/", null, read -> text(read.path()));
        assertEquals(
                "/files/a b/ü",
                content(ask("GET", "/files/a%20b/%C3%BC?q=1&q=%2F&name%5B%5D=x/y&z", "X-One: 1\r\nx-one: 2\r\n")));
        HttpRead read = reads.get(0);
        assertEquals(Map.of("q", List.of("1", "/"), "name[]", List.of("x/y"), "z", List.of("")), read.query());
        assertEquals("1", read.headers().get("x-one"));
    }

    @Test
    public void aPathThatLeadsElsewhereIsNotPassedOn() throws Exception {
        add("/files/", null, read -> text("in"));
        for (String path : List.of(
                "/files/../x",
                "/files/..",
                "/files/%2e%2e/x",
                "/files/.%2E",
                "/files/./x",
                "/files//x",
                "//files/x",
                "/files/a%2fb",
                "/files/a%00",
                "/files/a%5c..%0d%0ab",
                "/files/a\\b",
                "/files/%c0%ae%c0%ae/x")) {
            assertEquals(path, "400", status(ask("GET", path, "")));
        }
        assertEquals(List.of(), reads);
    }

    @Test
    public void aBadAnswerIsAnErrorOfTheServer() throws Exception {
        List<Function<HttpRead, HttpAnswer>> bad = List.of(
                read -> null,
                read -> new HttpAnswer(200, "text/plain", null, Map.of()),
                read -> new HttpAnswer(100, "text/plain", new byte[0], Map.of()),
                read -> new HttpAnswer(42, "text/plain", new byte[0], Map.of()),
                read -> new HttpAnswer(200, "text/plain\r\nX-Evil: 1", new byte[0], Map.of()),
                read -> new HttpAnswer(200, "text/plain", new byte[0], Map.of("X-A", "1\r\nX-Evil: 1")),
                read -> new HttpAnswer(200, "text/plain", new byte[0], Map.of("X-A: 1\r\nX-Evil", "1")),
                read -> new HttpAnswer(200, "text/plain", new byte[0], Map.of("content-length", "0")),
                read -> new HttpAnswer(200, "text/plain", new byte[0], Map.of("Transfer-Encoding", "chunked")),
                read -> {
                    throw new IllegalStateException("X-Evil hush");
                },
                read -> {
                    throw new StackOverflowError("X-Evil hush");
                });
        for (int i = 0; i < bad.size(); i++) {
            add("/bad" + i, null, bad.get(i));
            String answer = ask("GET", "/bad" + i, "");
            assertEquals("answer " + i + answer, "500", status(answer));
            assertFalse(answer, answer.contains("X-Evil"));
        }
    }

    @Test
    public void aResourceThatSaysNothingOfItselfIsLeftOut() throws Exception {
        add(null, null, read -> text("none"));
        add("metrics", null, read -> text("none"));
        add("/fine", null, read -> text("fine"));
        assertEquals("fine", content(ask("GET", "/fine", "")));
    }

    @Test
    public void headersOfAResourceGoBeforeThoseOfTheServer() throws Exception {
        add(
                "/page",
                null,
                read -> new HttpAnswer(
                        200,
                        "text/html",
                        new byte[] {'x'},
                        Map.of("Cache-Control", "max-age=60", "Content-Security-Policy", "default-src 'self'")));
        add("/plain", null, read -> text("x"));
        String page = ask("GET", "/page", "");
        assertTrue(page, page.contains("max-age=60") && page.contains("default-src 'self'"));
        assertFalse(page, page.contains("no-store"));
        assertTrue(page, page.contains("X-Content-Type-Options: nosniff"));
        assertTrue(ask("GET", "/plain", "").contains("no-store"));
    }

    @Test
    public void whatTheCallerHasIsNotSentAgain() throws Exception {
        add("/page", null, read -> new HttpAnswer(200, "text/html", new byte[] {'x'}, Map.of("ETag", "\"v1\"")));
        for (String known : List.of("\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*")) {
            String answer = ask("GET", "/page", "If-None-Match: " + known + "\r\n");
            assertEquals(known, "304", status(answer));
            assertEquals("", content(answer));
            assertTrue(answer, answer.contains("\"v1\"") && !answer.contains("content-length"));
        }
        assertEquals("x", content(ask("GET", "/page", "If-None-Match: \"v2\", v1\r\n")));
    }

    @Test
    public void whoeverAsksForNothingInParticularIsSentToThePage() throws Exception {
        assertEquals("404", status(ask("GET", "/", "")));
        add("/console/", null, read -> text("page"));
        String answer = ask("GET", "/", "");
        assertEquals("302", status(answer));
        assertTrue(answer, answer.toLowerCase(Locale.ROOT).contains("location: /console/\r\n"));
        assertEquals("302", status(ask("GET", "/console", "")));
    }
}
