package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.rest.json.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Requests that are right and wrong, and what is answered. */
public class RequestsTest {

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    @After
    public void refuseNothing() {
        server.gateway.refusal = null;
    }

    private static Map<?, ?> problem(int status, HttpResponse<String> answer) throws Exception {
        assertEquals(answer.body(), status, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        Map<?, ?> problem = Json.object(answer.body().getBytes(StandardCharsets.UTF_8));
        assertEquals("about:blank", problem.get("type"));
        assertEquals(status, problem.get("status"));
        assertTrue(answer.body(), problem.get("title") instanceof String title && !title.isEmpty());
        assertFalse(answer.body(), String.valueOf(problem.get("detail")).contains("\n"));
        return problem;
    }

    private String refused(int status, String method, String path, Object body) throws Exception {
        server.gateway.changes.clear();
        String detail = (String)
                problem(status, server.send(Role.ADMIN, method, path, body)).get("detail");
        assertEquals(List.of(), server.gateway.changes);
        return detail;
    }

    @Test
    public void whatIsNotThereIsNotFound() throws Exception {
        refused(404, "GET", "/nothing", null);
        refused(404, "GET", "/backstores/other", null);
        refused(404, "GET", "/sessions/4", null);
        refused(404, "GET", "/sessions/x", null);
        refused(404, "GET", "/targets/iqn.2026-11.io.sluice:other", null);
        refused(404, "GET", "/portals/192.0.2.9:3260", null);
        refused(404, "GET", "/backstores/disk1/layers/none", null);
        refused(404, "GET", "/initiator-groups/web1", null);
    }

    @Test
    public void whatADiskIsACopyOfIsSaidOnce() throws Exception {
        Map<String, Object> asked = new LinkedHashMap<>(Map.of("name", "disk1", "type", "file", "createFrom", "a.img"));
        asked.put("options", Map.of("path", "b.img"));
        assertEquals(201, server.send(Role.ADMIN, "POST", "/backstores", asked).statusCode());
        String changes = server.gateway.changes.toString();
        assertTrue(changes, changes.contains("createFrom=a.img") && changes.contains("path=b.img"));
        asked.put("options", Map.of("createFrom", "c.img"));
        assertEquals("field 'createFrom' is among the options already", refused(400, "POST", "/backstores", asked));
    }

    @Test
    public void whatGoesOnIsAnsweredAsAJob() throws Exception {
        server.gateway.refusal = ConfigException.goesOn("3", "making backstore disk1 is still going on");
        HttpResponse<String> answer =
                server.send(Role.ADMIN, "POST", "/backstores", Map.of("name", "disk1", "type", "file"));
        assertEquals(answer.body(), 202, answer.statusCode());
        assertEquals("/api/v1/jobs/3", answer.headers().firstValue("Location").orElse(""));
        Map<?, ?> job = Json.object(answer.body().getBytes(StandardCharsets.UTF_8));
        assertEquals("3", job.get("id"));
        assertEquals("running", job.get("state"));
        assertEquals(25, job.get("progressPercent"));
        assertEquals(
                answer.body(), server.send(Role.VIEWER, "GET", "/jobs/3", null).body());
        refused(404, "GET", "/jobs/4", null);
    }

    @Test
    public void aCallerSaysHowLongHeWaits() throws Exception {
        Map<String, Integer> seconds = new LinkedHashMap<>();
        seconds.put("", 5);
        seconds.put("Prefer: wait=30\r\n", 30);
        seconds.put("Prefer: wait=0\r\n", 0);
        seconds.put("Prefer: respond-async, Wait = \"7\"\r\n", 7);
        seconds.put("Prefer: handling=strict\r\nPrefer: respond-async\r\n", 0);
        seconds.put("Prefer: wait=999999999\r\n", 60);
        seconds.put("Prefer: wait=99999999999999999999\r\n", 5);
        seconds.put("Prefer: wait=-1\r\n", 5);
        seconds.put("Prefer: unwait=9, respond-asynchronously\r\n", 5);
        for (String header : seconds.keySet()) {
            server.raw(server.head("DELETE", "/backstores/disk1") + "Connection: close\r\n" + header + "\r\n");
        }
        assertEquals(
                List.copyOf(seconds.values()),
                server.gateway.waits.stream()
                        .map(wait -> (int) wait.toSeconds())
                        .toList());
    }

    @Test
    public void anotherMethodIsToldWhichThereAre() throws Exception {
        HttpResponse<String> answer = server.send(Role.ADMIN, "PUT", "/backstores/disk1", Map.of());
        problem(405, answer);
        assertEquals("DELETE, GET, PATCH", answer.headers().firstValue("Allow").orElse(""));
        assertEquals(405, server.send(Role.ADMIN, "HEAD", "/backstores", null).statusCode());
    }

    @Test
    public void documentsAreStrict() throws Exception {
        String path = "/backstores";
        assertEquals(
                "field 'sizeByte' is not known here",
                refused(400, "POST", path, Map.of("name", "a", "type", "file", "sizeByte", 1)));
        assertEquals("field 'type' is missing", refused(400, "POST", path, Map.of("name", "a")));
        assertEquals(
                "field 'sizeBytes' has to be a whole number",
                refused(400, "POST", path, Map.of("name", "a", "type", "file", "sizeBytes", "1")));
        assertEquals(
                "field 'sizeBytes' has to be a whole number",
                refused(400, "POST", path, "{\"name\":\"a\",\"type\":\"file\",\"sizeBytes\":1.5}"));
        assertEquals(
                "field 'sizeBytes' has to be a whole number",
                refused(400, "POST", path, "{\"name\":\"a\",\"type\":\"file\",\"sizeBytes\":99999999999999999999}"));
        assertEquals(
                "field 'blockSizeBytes' is too large",
                refused(400, "POST", path, Map.of("name", "a", "type", "file", "blockSizeBytes", 1L << 32)));
        assertEquals(
                "field 'thin' has to be true or false, not null",
                refused(400, "POST", path, "{\"name\":\"a\",\"type\":\"file\",\"thin\":null}"));
        assertEquals(
                "field 'options' has to be an object of texts",
                refused(400, "POST", path, "{\"name\":\"a\",\"type\":\"file\",\"options\":{\"path\":1}}"));
        assertEquals(
                "field 'backstore.nam' is not known here",
                refused(400, "POST", "/targets", "{\"target\":\"iqn.2026-11.a:b\",\"backstore\":{\"nam\":1}}"));
        String grant = "/targets/" + FakeGateway.TARGET + "/grants/web1";
        assertEquals(
                "field 'luns[1].lun' is missing",
                refused(400, "PUT", grant, "{\"luns\":[{\"lun\":0},{\"targetLun\":0}]}"));
    }

    @Test
    public void whatIsNoJsonObjectIsRefusedWithoutBeingRepeated() throws Exception {
        for (String body : List.of(
                "",
                "[]",
                "1",
                "null",
                "{",
                "{} {}",
                "{\"name\":\"a\",\"name\":\"b\"}",
                "{\"a\": hush}",
                "\u0000",
                "[".repeat(5000))) {
            assertFalse(refused(400, "POST", "/backstores", body).contains("hush"));
        }
    }

    @Test
    public void aDocumentIsJsonByItsType() throws Exception {
        String request = server.head("POST", "/backstores") + "Connection: close\r\nContent-Length: 2\r\n";
        assertTrue(server.raw(request + "\r\n{}").startsWith("HTTP/1.1 415 "));
        assertTrue(server.raw(request + "Content-Type: text/plain\r\n\r\n{}").startsWith("HTTP/1.1 415 "));
        assertTrue(server.raw(request + "Content-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n{}")
                .startsWith("HTTP/1.1 415 "));
        assertTrue(server.raw(request + "Content-Type: Application/JSON; charset=utf-8\r\n\r\n{}")
                .startsWith("HTTP/1.1 400 "));
    }

    @Test
    public void aDocumentIsAsLargeAsWhatItIsForNeeds() throws Exception {
        String most = "{}" + " ".repeat((64 << 10) - 2);
        refused(400, "PUT", "/targets/" + FakeGateway.TARGET + "/enabled", most);
        refused(413, "PUT", "/targets/" + FakeGateway.TARGET + "/enabled", most + " ");
        String head = server.head("PUT", "/targets/" + FakeGateway.TARGET + "/enabled")
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        String answer = server.raw(head + "10001\r\n" + most + " \r\n0\r\n\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 413 "));
        Map<String, String> document = Map.of("document", " ".repeat((16 << 20) - 100));
        assertEquals(
                200,
                server.send(Role.ADMIN, "PUT", "/configuration/document", document)
                        .statusCode());
    }

    @Test
    public void whereNoDocumentBelongsThereIsNone() throws Exception {
        assertEquals(
                "no document belongs to this request", refused(400, "DELETE", "/backstores/disk1", Map.of("a", 1)));
    }

    @Test
    public void parametersAreStrict() throws Exception {
        refused(400, "DELETE", "/backstores/disk1?force=true", null);
        refused(400, "DELETE", "/targets/" + FakeGateway.TARGET + "?force=yes", null);
        refused(400, "DELETE", "/targets/" + FakeGateway.TARGET + "?force=true&force=true", null);
        assertEquals(
                204,
                server.send(Role.ADMIN, "DELETE", "/targets/" + FakeGateway.TARGET + "?force=true", null)
                        .statusCode());
        assertEquals(List.of("deleteTarget[" + FakeGateway.TARGET + ", true]"), server.gateway.changes);
    }

    @Test
    public void theGatewaysRefusalsHaveTheirNumbers() throws Exception {
        server.gateway.refusal =
                ConfigException.notFound("disk1", "there is no backstore disk1: backstore:list shows those that are");
        refused(404, "DELETE", "/backstores/disk1", null);
        server.gateway.refusal =
                ConfigException.notFound("gone", "there is no backstore gone: backstore:list shows those that are");
        refused(422, "POST", "/targets/" + FakeGateway.TARGET + "/luns", Map.of("backstore", "gone"));
        server.gateway.refusal = new ConfigException("backstore disk1 is in use as a lun 0: unmap it first");
        assertEquals(
                "backstore disk1 is in use as a lun 0: unmap it first",
                refused(409, "DELETE", "/backstores/disk1", null));
        server.gateway.refusal =
                new ConfigException("the size is odd", new IllegalArgumentException("the size is odd"));
        refused(422, "PATCH", "/backstores/disk1", Map.of("sizeBytes", 1));
        server.gateway.refusal =
                new ConfigException(ConfigException.Kind.BUG, "a bug: hush", new NumberFormatException("hush"));
        assertEquals("a bug: the log of the gateway has more", refused(500, "DELETE", "/backstores/disk1", null));
        server.gateway.refusal = new ConfigException(ConfigException.Kind.STOPPING, "the gateway is stopping");
        assertEquals("the gateway is stopping", refused(503, "DELETE", "/backstores/disk1", null));
        server.gateway.refusal = null;
        refused(422, "PUT", "/targets/" + FakeGateway.TARGET + "/access-state", Map.of("accessState", "asleep"));
        refused(422, "PUT", "/targets/no-iqn/enabled", Map.of("enabled", true));
    }

    @Test
    public void aBugIsToldWithoutItsWords() throws Exception {
        server.gateway.refusal = new IllegalStateException("hush");
        assertEquals("a bug: the log of the gateway has more", refused(500, "DELETE", "/backstores/disk1", null));
        server.gateway.refusal = new StackOverflowError("hush");
        assertEquals("a bug: the log of the gateway has more", refused(500, "DELETE", "/backstores/disk1", null));
    }

    @Test
    public void secretsGoToTheGateway() throws Exception {
        server.send(
                Role.ADMIN,
                "POST",
                "/initiators",
                Map.of("name", "db", "chapUser", "dbuser", "chapSecret", "thirteen bytes"));
        String change = server.gateway.changes.get(0);
        assertTrue(change, change.endsWith("[db.chap=thirteen bytes]]"));
    }

    @Test
    public void aSecretStaysThatIsNotNamed() throws Exception {
        assertEquals(
                204,
                server.send(Role.ADMIN, "PUT", "/initiators/web1", Map.of("chapUser", "webuser"))
                        .statusCode());
        String change = server.gateway.changes.get(0);
        assertTrue(change, change.contains("secret=name-of-a-secret") && change.endsWith("{}]"));
        refused(400, "POST", "/initiators", Map.of("name", "db", "chapUser", "dbuser"));
        refused(400, "PUT", "/initiators/web1", Map.of("chapSecret", "thirteen bytes"));
    }

    @Test
    public void pathsAreReadOneWayOnly() throws Exception {
        for (String path : List.of(
                "/backstores/",
                "//backstores",
                "/./backstores",
                "/x/../backstores",
                "/%2e%2e/backstores",
                "/backstores/a%00b",
                "/backstores/a%2Fb",
                "/backstores/%",
                "/backstores/%4",
                "/backstores/%zz",
                "/backstores/%ff",
                "/backstores/%c0%af",
                "/backstores/a\\b",
                "/backstores/a\u0000b",
                "/backstores/[a]")) {
            String answer = server.raw(server.head("GET", path) + "Connection: close\r\n\r\n");
            assertTrue(path + answer, answer.startsWith("HTTP/1.1 400 "));
        }
        for (String path : List.of("/backstores/disk%31", "/targets/iqn.2026-11.io.sluice%3Adisk1")) {
            assertEquals(200, server.send(Role.VIEWER, "GET", path, null).statusCode());
        }
        assertTrue(server.raw(server.head("GET", "/x").replace("/api/v1/x", "http://other/api/v1/backstores")
                        + "Connection: close\r\n\r\n")
                .startsWith("HTTP/1.1 400 "));
    }
}
