package io.sluice.backstore.nbd;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.nbd.ScriptedServer.Peer;
import io.sluice.backstore.nbd.ScriptedServer.Request;
import io.sluice.backstore.nbd.ScriptedServer.Script;
import io.sluice.backstore.nbd.client.NbdLoop;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;

/** A store, and servers that do what a test says. */
public abstract class ScriptedFixture {

    static final int SIZE = 1 << 20;
    static final int BLOCK = 512;

    final TestContext context = new TestContext("disk0");
    final NbdLoop loop = new NbdLoop();
    final NbdBackstoreProvider provider = new NbdBackstoreProvider(loop);
    private final List<AutoCloseable> toClose = new ArrayList<>();
    final Map<String, String> options = new TreeMap<>();

    @After
    public void closeAll() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        provider.stop();
        context.close();
    }

    final ScriptedServer serve(Script... scripts) throws IOException {
        ScriptedServer server = new ScriptedServer(scripts);
        toClose.add(server);
        options.put("uri", server.uri());
        return server;
    }

    final BackstoreConfig config() {
        return BackstoreConfig.builder("disk0", "nbd")
                .sizeBytes(SIZE)
                .options(options)
                .build();
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    static Fault fault(CompletionStage<?> stage) {
        return assertThrows(BackstoreException.class, () -> await(stage)).fault();
    }

    final Backstore open() throws Exception {
        return await(provider.open(config(), context));
    }

    static ByteBuffer[] block(int value) {
        byte[] bytes = new byte[BLOCK];
        Arrays.fill(bytes, (byte) value);
        return new ByteBuffer[] {ByteBuffer.wrap(bytes)};
    }

    /** As much as one connection has under way before another one gets something. */
    static ByteBuffer[] much(int value) {
        byte[] bytes = new byte[128 << 10];
        Arrays.fill(bytes, (byte) value);
        return new ByteBuffer[] {ByteBuffer.wrap(bytes)};
    }

    /** A server that answers each request with success until the client goes. */
    static void obey(Peer client, BlockingQueue<Request> seen) throws IOException {
        while (true) {
            Request request = client.request();
            seen.add(request);
            client.simple(request.cookie(), 0, new byte[request.command() == 0 ? request.length() : 0]);
        }
    }

    static Script simple(int flags, BlockingQueue<Request> seen) {
        return client -> {
            client.shakeHands(SIZE, flags, false);
            obey(client, seen);
        };
    }

    /** Returns the line that a disk on such a server is refused with. */
    final String refused(Script script) throws Exception {
        serve(script);
        String message = assertThrows(ConfigException.class, () -> await(provider.create(config(), context)))
                .getMessage();
        assertFalse(message, message.contains("\n"));
        return message;
    }

    static void pass(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }
}
