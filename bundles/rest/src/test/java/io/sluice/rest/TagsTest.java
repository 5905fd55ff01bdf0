package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.rest.action.Action;
import io.sluice.rest.action.Actions;
import io.sluice.rest.action.Tags;
import io.sluice.rest.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Rule;
import org.junit.Test;

/** Nobody overwrites what another has done meanwhile. */
public class TagsTest {

    private static final Pattern TAG = Pattern.compile("\r\n(?i:etag): (\"[^\"]+\")\r\n");
    private static final String DISK = "/backstores/disk1";

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    private String ask(String method, String path, String headers) throws Exception {
        return server.raw(server.head(method, path) + "Connection: close\r\n" + headers + "\r\n");
    }

    private String tag(String path) throws Exception {
        String answer = ask("GET", path, "");
        Matcher tag = TAG.matcher(answer);
        assertTrue(path + answer, tag.find());
        return tag.group(1);
    }

    private void answers(int status, String method, String path, String headers) throws Exception {
        String answer = ask(method, path, headers);
        assertTrue(path + " " + headers + answer, answer.startsWith("HTTP/1.1 " + status + " "));
    }

    @Test
    public void everythingThatIsConfiguredHasATagOfItsOwn() throws Exception {
        List<String> paths = Actions.ALL.stream()
                .filter(Tags::shows)
                .map(ExampleRequests::path)
                .toList();
        assertEquals(7, paths.size());
        Set<String> seen = new HashSet<>();
        for (String path : paths) {
            String tag = tag(path);
            assertEquals(path, tag, tag(path));
            assertTrue(path, seen.add(tag));
        }
    }

    @Test
    public void aTagIsThatOfTheConfiguration() throws Exception {
        String before = tag(DISK);
        String whole = tag("/config");
        String security = tag("/security");
        server.gateway.disk = FakeGateway.DISK.withOption("path", "/srv/other");
        assertNotEquals(before, tag(DISK));
        assertNotEquals(whole, tag("/config"));
        assertEquals(security, tag("/security"));
        server.gateway.disk = FakeGateway.DISK;
        assertEquals(before, tag(DISK));
    }

    @Test
    public void whatIsKnownIsNotToldAgain() throws Exception {
        answers(304, "GET", DISK, "If-None-Match: " + tag(DISK) + "\r\n");
        answers(304, "GET", DISK, "If-None-Match: \"x\"\r\nIf-None-Match: " + tag(DISK) + "\r\n");
        answers(200, "GET", DISK, "If-None-Match: \"x\"\r\n");
    }

    @Test
    public void aChangeIsMadeOfWhatTheCallerHasSeen() throws Exception {
        answers(204, "DELETE", DISK, "If-Match: " + tag(DISK) + "\r\n");
        answers(204, "DELETE", DISK, "If-Match: *\r\n");
        answers(204, "DELETE", DISK, "If-Match: \"x\", " + tag(DISK) + "\r\n");
        assertEquals(3, server.gateway.changes.size());
    }

    @Test
    public void aChangeOfSomethingElseIsRefused() throws Exception {
        answers(412, "DELETE", DISK, "If-Match: \"x\"\r\n");
        answers(412, "DELETE", DISK, "If-Match: W/" + tag(DISK) + "\r\n");
        answers(412, "DELETE", DISK, "If-Match: x\r\n");
        answers(412, "DELETE", DISK, "If-Match:\r\n");
        answers(412, "DELETE", "/backstores/other", "If-Match: *\r\n");
        answers(412, "DELETE", DISK + "/move", "If-Match: *\r\n");
        answers(412, "DELETE", "/sessions/3", "If-Match: *\r\n");
        assertEquals(List.of(), server.gateway.changes);
    }

    @Test
    public void whatIsChangedMeanwhileIsNotOverwritten() throws Exception {
        String tag = tag(DISK);
        server.gateway.meanwhile = () -> server.gateway.disk = FakeGateway.DISK.withOption("path", "/srv/other");
        answers(412, "DELETE", DISK, "If-Match: " + tag + "\r\n");
        assertEquals(List.of(), server.gateway.changes);
    }

    @Test
    public void everyChangeOfWhatHasATagTakesOne() throws Exception {
        for (Action action : Actions.ALL) {
            if (Tags.has(action) && !action.method().equals("GET")) {
                Map<String, Object> body = ExampleRequests.bodies(action).get(0);
                String document = body == null ? "" : new String(Json.bytes(body), StandardCharsets.UTF_8);
                String answer = server.raw(server.head(action.method(), ExampleRequests.path(action))
                        + "Connection: close\r\nIf-Match: \"x\"\r\n"
                        + (body == null
                                ? ""
                                : "Content-Type: application/json\r\nContent-Length: " + document.length() + "\r\n")
                        + "\r\n" + document);
                assertTrue(action.path() + answer, answer.startsWith("HTTP/1.1 412 "));
            }
        }
        assertEquals(List.of(), server.gateway.changes);
    }
}
