package io.sluice.backstore.nbd;

import static io.sluice.backstore.nbd.ScriptedServer.ALL;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreHealth.State;
import io.sluice.backstore.Durability;
import io.sluice.backstore.nbd.ScriptedServer.Request;
import io.sluice.backstore.nbd.client.Lenders;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;

/** Connections that are served on event loops of somebody else, who takes them back, or just ends them. */
public class LentLoopsTest extends ScriptedFixture {

    private static final int IN_A_ROW = 200;
    private static final int MOST = 100 * IN_A_ROW;
    private static final int DEPTH = 16;

    private final EventLoopGroup lent = Lenders.loops(2);
    private final EventLoop session = lent.next();

    @After
    public void endLoops() {
        lent.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private Backstore openLent() throws Exception {
        serve(simple(ALL, new LinkedBlockingQueue<>()));
        provider.lend(lent);
        return open();
    }

    /** Returns the thread on which an answer has come to who asks on the thread of a session. */
    private Thread answeredOn(Backstore store) throws Exception {
        CompletableFuture<Thread> answered = new CompletableFuture<>();
        session.execute(() -> store.read(0, ByteBuffer.allocate(BLOCK))
                .whenComplete((done, failure) -> answered.complete(Thread.currentThread())));
        return answered.get(30, TimeUnit.SECONDS);
    }

    private void expectAnswers(Backstore store, boolean onSession) throws Exception {
        int row = 0;
        for (int i = 0; i < MOST && row < IN_A_ROW; i++) {
            row = session.inEventLoop(answeredOn(store)) == onSession ? row + 1 : 0;
        }
        assertEquals("in a row", IN_A_ROW, row);
    }

    @Test
    public void theyAreServedWhereTheRequestsComeFrom() throws Exception {
        Backstore store = openLent();
        expectAnswers(store, true);
        await(store.write(1, block(1), Durability.STABLE));
        await(store.flush());
        await(store.close());
    }

    @Test
    public void withoutLoopsTheyStay() throws Exception {
        serve(simple(ALL, new LinkedBlockingQueue<>()));
        expectAnswers(open(), false);
    }

    @Test
    public void theyComeBackBeforeTheLoopsEnd() throws Exception {
        Backstore store = openLent();
        expectAnswers(store, true);
        provider.takeBack(lent);
        expectAnswers(store, false);
        endLoops();
        assertTrue(lent.awaitTermination(30, TimeUnit.SECONDS));
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertEquals("nothing was noticed", List.of(), context.events());
    }

    /** A component is given what replaces its loops before they are taken back. */
    @Test
    public void otherLoopsAreLentBeforeTheseAreTakenBack() throws Exception {
        Backstore store = openLent();
        expectAnswers(store, true);
        EventLoopGroup next = Lenders.loops(1);
        provider.lend(next);
        provider.takeBack(lent);
        expectAnswers(store, false);
        provider.takeBack(next);
        next.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    public void nothingIsLostWhenLoopsEndUnasked() throws Exception {
        options.put("serverKeeps", "true");
        Backstore store = openLent();
        expectAnswers(store, true);
        AtomicInteger answers = new AtomicInteger();
        Semaphore room = new Semaphore(DEPTH);
        for (int i = 0; i < IN_A_ROW; i++) {
            assertTrue(room.tryAcquire(30, TimeUnit.SECONDS));
            CompletionStage<Void> read = store.read(0, ByteBuffer.allocate(BLOCK));
            read.whenComplete((done, failure) -> {
                if (failure == null) {
                    answers.incrementAndGet();
                }
                room.release();
            });
            if (i == IN_A_ROW / 2) {
                endLoops();
            }
        }
        assertTrue(room.tryAcquire(DEPTH, 30, TimeUnit.SECONDS));
        assertEquals(IN_A_ROW, answers.get());
        assertEquals(State.HEALTHY, store.health().state());
        await(store.close());
    }

    /** Nothing is asked any more that would find out. */
    @Test
    public void whatIsUnderWayOnALoopThatEndsIsAskedAgain() throws Exception {
        CountDownLatch last = new CountDownLatch(1);
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    while (true) {
                        Request request = client.request();
                        if (request.offset() == BLOCK) {
                            last.countDown();
                            client.stay();
                        }
                        client.simple(request.cookie(), 0, new byte[BLOCK]);
                    }
                },
                simple(ALL, new LinkedBlockingQueue<>()));
        provider.lend(lent);
        Backstore store = open();
        expectAnswers(store, true);
        CompletionStage<Void> read = store.read(1, ByteBuffer.allocate(BLOCK));
        last.await();
        // A loop that learns of it while it runs tasks does not look once more at what is open.
        session.execute(this::endLoops);
        await(read);
    }

    @Test
    public void afterALossTheyAreMadeAnewAndGoThereAgain() throws Exception {
        AtomicInteger served = new AtomicInteger();
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    while (served.incrementAndGet() < MOST / 2) {
                        client.simple(client.request().cookie(), 0, new byte[BLOCK]);
                    }
                },
                simple(ALL, new LinkedBlockingQueue<>()));
        provider.lend(lent);
        Backstore store = open();
        expectAnswers(store, true);
        while (served.get() < MOST / 2) {
            answeredOn(store);
        }
        expectAnswers(store, true);
        assertEquals(State.HEALTHY, store.health().state());
    }
}
