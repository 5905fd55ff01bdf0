package io.sluice.console;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.Test;

public class PageTest {

    private final Page page = new Page();

    private HttpAnswer get(String path) {
        return page.get(new HttpRead(path, Map.of(), Map.of()));
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.content(), StandardCharsets.UTF_8);
    }

    @Test
    public void everybodyMayReadThePage() {
        assertEquals("/console/", page.path());
        assertTrue(page.role().isEmpty());
        HttpAnswer first = get("/console/");
        assertEquals(200, first.status());
        assertEquals("text/html; charset=utf-8", first.type());
        assertEquals(text(first), text(get("/console/index.html")));
    }

    @Test
    public void whatThePageNamesIsThereInItsType() {
        assertTrue(text(get("/console/")).contains("src=\"app.js\""));
        assertEquals("text/javascript; charset=utf-8", get("/console/app.js").type());
        assertTrue(text(get("/console/")).contains("href=\"app.css\""));
        assertEquals("text/css; charset=utf-8", get("/console/app.css").type());
        assertTrue(text(get("/console/")).contains("href=\"icon.svg\""));
        assertEquals("image/svg+xml", get("/console/icon.svg").type());
    }

    @Test
    public void nothingElseIsThere() {
        String[] paths = {
            "/console",
            "/",
            "",
            "/console/../Page.class",
            "/console//etc/passwd",
            "/console/Page.class",
            "/console/page/app.js",
            "/console/app.js/",
            "/console/APP.JS",
            "/console/index.html\0",
            "/consoleXapp.js",
            "/console/META-INF/MANIFEST.MF"
        };
        for (String path : paths) {
            HttpAnswer answer = get(path);
            assertEquals(path, 404, answer.status());
            assertTrue(path, answer.headers().get("Content-Security-Policy").contains("default-src 'none'"));
        }
    }

    @Test
    public void aBrowserRunsNothingButItsFiles() {
        String policy = get("/console/").headers().get("Content-Security-Policy");
        assertTrue(
                policy,
                policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"));
        assertFalse(policy, policy.contains("unsafe"));
        String html = text(get("/console/"));
        assertFalse("no script in the line", html.matches("(?s).*<script[^>]*>[^<].*"));
        assertFalse("no style in the line", html.contains("style="));
        assertFalse("nothing of others", html.contains("//"));
    }

    @Test
    public void aFileIsSentAgainOnlyIfItIsAnother() {
        String tag = get("/console/app.js").headers().get("ETag");
        assertTrue(tag, tag.matches("\"[0-9a-f]{32}\""));
        assertEquals(
                tag,
                new Page()
                        .get(new HttpRead("/console/app.js", Map.of(), Map.of()))
                        .headers()
                        .get("ETag"));
        assertNotEquals(tag, get("/console/app.css").headers().get("ETag"));
        assertEquals("no-cache", get("/console/app.js").headers().get("Cache-Control"));
    }

    @Test
    public void theScriptIsSmall() {
        assertTrue(get("/console/app.js").content().length < 150 * 1024);
    }
}
