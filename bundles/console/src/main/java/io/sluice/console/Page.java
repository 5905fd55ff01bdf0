package io.sluice.console;

import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.http.HttpResource;
import io.sluice.management.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The files of the web page, which are no secret: what it shows comes from the REST interface, for which it wants a token. They are
 * in memory, and there is nothing but what the table names, so no path leads anywhere else. Any thread may call.
 */
public final class Page implements HttpResource {

    /** Where it is. */
    public static final String PATH = "/console/";

    private static final String FIRST = "index.html";

    /** Every file, with its media type. */
    private static final Map<String, String> TYPES = Map.of(
            FIRST,
            "text/html; charset=utf-8",
            "app.js",
            "text/javascript; charset=utf-8",
            "app.css",
            "text/css; charset=utf-8",
            "icon.svg",
            "image/svg+xml");

    /** What a browser may do with them: talk with this server, and run nothing but these files (CSP Level 3). */
    private static final Map<String, String> GUARD = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                            + " form-action 'none'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            // Asked for each time, and sent only if another one was installed.
            "Cache-Control", "no-cache");

    private final Map<String, HttpAnswer> files = new HashMap<>();

    /** Reads the files. */
    public Page() {
        TYPES.forEach((name, type) -> files.put(name, file(type, content(name))));
    }

    private static byte[] content(String name) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the bundle of the web page has no " + name + ": build it anew");
            }
            return in.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException("the web page cannot be read from its bundle", failed);
        }
    }

    private static HttpAnswer file(String type, byte[] content) {
        Map<String, String> headers = new HashMap<>(GUARD);
        headers.put("ETag", "\"" + digest(content) + "\"");
        return new HttpAnswer(200, type, content, headers);
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                    .substring(0, 32);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Java has no SHA-256", missing);
        }
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public Optional<Role> role() {
        return Optional.empty();
    }

    @Override
    public HttpAnswer get(HttpRead request) {
        String name = request.path().startsWith(PATH) ? request.path().substring(PATH.length()) : "?";
        HttpAnswer file = files.get(name.isEmpty() ? FIRST : name);
        return file != null
                ? file
                : new HttpAnswer(
                        404,
                        "text/plain; charset=utf-8",
                        ("there is nothing here: the page is at " + PATH + "\n").getBytes(StandardCharsets.UTF_8),
                        GUARD);
    }
}
