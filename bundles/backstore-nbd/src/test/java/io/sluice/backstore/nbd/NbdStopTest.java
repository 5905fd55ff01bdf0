package io.sluice.backstore.nbd;

import static io.sluice.backstore.nbd.ScriptedServer.ALL;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth.State;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.nbd.ScriptedServer.Peer;
import io.sluice.backstore.nbd.ScriptedServer.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** What becomes of requests when the bundle is stopped under them. */
public class NbdStopTest extends ScriptedFixture {

    /** Less than a lost server is waited for. */
    private static final long SOON_SECONDS = 15;

    private final CountDownLatch come = new CountDownLatch(1);

    /** Takes no notice of what it is asked. */
    private final Script silent = client -> {
        client.shakeHands(SIZE, ALL, false);
        beSilent(client);
    };

    private static BackstoreException failsSoon(CompletionStage<?> stage) {
        ExecutionException failed = assertThrows(
                ExecutionException.class, () -> stage.toCompletableFuture().get(SOON_SECONDS, TimeUnit.SECONDS));
        BackstoreException failure = (BackstoreException) failed.getCause();
        assertTrue(failure.getMessage(), failure.getMessage().contains("its bundle is gone"));
        assertFalse(failure.getMessage(), failure.getMessage().contains("\n"));
        return failure;
    }

    private void nextProviderOpens() throws Exception {
        NbdBackstoreProvider next = new NbdBackstoreProvider();
        try {
            Backstore store = await(next.open(config(), context));
            await(store.read(0, ByteBuffer.allocate(BLOCK)));
            await(store.close());
        } finally {
            next.stop();
        }
    }

    @Test
    public void aReadThatIsNotAnsweredFailsAndTheNextBundleTakesOver() throws Exception {
        serve(silent, simple(ALL, new LinkedBlockingQueue<>()));
        Backstore store = open();
        CompletionStage<Void> read = store.read(0, ByteBuffer.allocate(BLOCK));
        come.await();
        provider.stop();
        assertEquals(Fault.NOT_READY, failsSoon(read).fault());
        assertEquals(State.FAILED, store.health().state());
        assertEquals(
                Fault.NOT_READY,
                failsSoon(store.read(0, ByteBuffer.allocate(BLOCK))).fault());
        nextProviderOpens();
    }

    @Test
    public void aReadThatWaitsForTheServerFails() throws Exception {
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    client.head();
                },
                client -> {
                    come.countDown();
                    client.stay();
                },
                simple(ALL, new LinkedBlockingQueue<>()));
        CompletionStage<Void> read = open().read(0, ByteBuffer.allocate(BLOCK));
        come.await();
        provider.stop();
        assertEquals(Fault.NOT_READY, failsSoon(read).fault());
        nextProviderOpens();
    }

    @Test
    public void whatWasNotFlushedIsInDoubt() throws Exception {
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            client.simple(client.request().cookie(), 0);
            beSilent(client);
        });
        Backstore store = open();
        await(store.write(0, block(1), Durability.CACHED));
        CompletionStage<Void> flush = store.flush();
        come.await();
        provider.stop();
        assertEquals(Fault.WRITE_FAILED, fault(flush));
        assertEquals(Fault.WRITE_FAILED, fault(store.close()));
    }

    private void beSilent(Peer client) throws IOException {
        client.head();
        come.countDown();
        client.stay();
    }

    @Test
    public void anOpenUnderWayFails() throws Exception {
        serve(client -> {
            come.countDown();
            client.stay();
        });
        CompletionStage<Backstore> opening = provider.open(config(), context);
        come.await();
        provider.stop();
        assertEquals(Fault.NOT_READY, failsSoon(opening).fault());
    }

    @Test
    public void anOpenAfterwardsFails() throws Exception {
        serve(simple(ALL, new LinkedBlockingQueue<>()));
        provider.stop();
        assertEquals(
                Fault.NOT_READY, failsSoon(provider.open(config(), context)).fault());
    }
}
