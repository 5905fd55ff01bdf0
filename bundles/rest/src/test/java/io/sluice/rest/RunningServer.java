package io.sluice.rest;

import io.sluice.management.Role;
import io.sluice.rest.action.Actions;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.json.Json;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A server on a port of its own, with a token for each role. */
public final class RunningServer extends ExternalResource {

    public static final RestSettings.Limits FEW =
            new RestSettings.Limits(8, 16 << 20, 64 << 20, 8 << 10, Duration.ofSeconds(30), 2, 2);

    private static final int ANSWER_MILLIS = 30_000;

    public final FakeGateway gateway = new FakeGateway();
    public final Resources resources = new Resources();
    public TokenStore tokens;
    private final TemporaryFolder folder = new TemporaryFolder();
    private final RestSettings.Limits limits;
    private final Map<Role, String> byRole = new EnumMap<>(Role.class);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private RestServer server;

    public RunningServer(RestSettings.Limits limits) {
        this.limits = limits;
    }

    @Override
    protected void before() throws Exception {
        folder.create();
        tokens = new TokenStore(folder.getRoot().toPath().resolve("tokens.json"), Clock.systemUTC(), () -> "");
        for (Role role : Role.values()) {
            byRole.put(role, tokens.create(role.label(), role));
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new RestServer(new RestSettings(address, null, null, limits), gateway.gateway(), tokens, resources);
        server.start();
    }

    /** Ends the server before the test does. */
    public void close() {
        server.close();
    }

    @Override
    protected void after() {
        close();
        folder.delete();
    }

    public String token(Role role) {
        return byRole.get(role);
    }

    public InetSocketAddress address() {
        return server.address();
    }

    /** Sends a request as somebody of a role. */
    public HttpResponse<String> send(Role role, String method, String path, Object body) throws Exception {
        return sendAs(token(role), method, path, body);
    }

    /** @param token null for none */
    public HttpResponse<String> sendAs(String token, String method, String path, Object body) throws Exception {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : body instanceof String text
                        ? HttpRequest.BodyPublishers.ofString(text)
                        : HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + Actions.ROOT + path))
                .timeout(Duration.ofMillis(ANSWER_MILLIS))
                .method(method, publisher);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Opens a connection; whoever reads from it waits 30 seconds at most. */
    public Socket connect() throws IOException {
        Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(ANSWER_MILLIS);
        return socket;
    }

    /** Sends bytes as they are and returns all that comes until the end. */
    public String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the head of a request of an administrator, but for the line that ends it. */
    public String head(String method, String path) {
        return method + " " + Actions.ROOT + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + token(Role.ADMIN) + "\r\n";
    }
}
