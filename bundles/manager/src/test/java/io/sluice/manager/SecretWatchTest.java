package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.manager.document.HeldSecrets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** What is wrong with secrets is told, and nobody who asks waits for the disk that they are on. */
public class SecretWatchTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final CompletableFuture<Void> looked = new CompletableFuture<>();
    private final CompletableFuture<Void> go = new CompletableFuture<>();
    private volatile boolean held;

    private void look() {
        if (held) {
            looked.complete(null);
            go.join();
        }
    }

    @After
    public void letGo() {
        go.complete(null);
    }

    @Test
    public void theStatusIsToldWhileTheDiskHangs() throws Exception {
        fixture.gateway.close();
        fixture.secretFiles = folder -> HeldSecrets.in(folder, this::look);
        fixture.start();
        fixture.gateway
                .access()
                .createInitiator(
                        new InitiatorConfig("alice", null, null, new ChapConfig("al", "alice.chap"), null),
                        Map.of("alice.chap", new Secret("correct horse".getBytes(StandardCharsets.UTF_8))));
        held = true;
        looked.get(60, TimeUnit.SECONDS);
        Path file = fixture.document().resolveSibling("secrets").resolve("alice.chap");
        Files.delete(file);
        List<String> problems = CompletableFuture.supplyAsync(
                        () -> fixture.gateway.status().problems())
                .get(60, TimeUnit.SECONDS);
        assertEquals(List.of(), problems);
        held = false;
        go.complete(null);
        Eventually.isEqual(
                List.of("secret alice.chap is missing: there is no file " + file),
                () -> fixture.gateway.status().problems());
        fixture.gateway.access().deleteInitiator("alice");
        assertTrue("nobody names it", fixture.gateway.status().problems().isEmpty());
    }
}
