package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** What is no request, or one with too much around it. */
public class MalformedRequestsTest {

    private static final String DOCUMENT = "Content-Type: application/json\r\n";

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    private void assertStillServes() throws Exception {
        assertEquals(200, server.send(Role.VIEWER, "GET", "/gateway", null).statusCode());
    }

    @Test
    public void headersHaveALimit() throws Exception {
        String many = ("X-Header: " + "a".repeat(100) + "\r\n").repeat(100);
        String answer = server.raw(server.head("GET", "/gateway") + many + "\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 431 "));
        answer = server.raw(server.head("GET", "/" + "a".repeat(9000)) + "\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 414 "));
        assertStillServes();
    }

    @Test
    public void whatIsNotHttpIsRefused() throws Exception {
        for (String junk : List.of(
                "\u0000\u0000\r\n\r\n",
                "GET /api/v1/gateway HTTP/1.1\r\n\r\n",
                "GET /api/v1/gateway HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                server.head("POST", "/backstores") + DOCUMENT + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
                server.head("POST", "/backstores") + DOCUMENT
                        + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                server.head("POST", "/backstores") + DOCUMENT + "Content-Length: -1\r\n\r\n",
                server.head("POST", "/backstores") + DOCUMENT + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
                server.head("POST", "/backstores") + DOCUMENT + "Transfer-Encoding: chunked\r\n\r\n1;"
                        + "x".repeat(70_000) + "\r\n",
                server.head("GET", "/gateway") + "X a: b\r\n\r\n")) {
            String answer = server.raw(junk);
            assertTrue(junk + " " + answer, answer.startsWith("HTTP/1.1 400 "));
            assertEquals(junk, 1, answer.split("HTTP/1.1 ", -1).length - 1);
        }
        assertStillServes();
    }
}
