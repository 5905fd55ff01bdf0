package io.sluice.backstore.nbd;

import static io.sluice.backstore.nbd.ScriptedServer.ALL;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth.State;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.nbd.ScriptedServer.Peer;
import io.sluice.backstore.nbd.ScriptedServer.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

/** What becomes of requests when the server goes. */
public class NbdLossTest extends ScriptedFixture {

    @Test
    public void whatWasNotAnsweredIsAskedAgain() throws Exception {
        BlockingQueue<Request> seen = new LinkedBlockingQueue<>();
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    for (int i = 0; i < 3; i++) {
                        client.request();
                    }
                },
                simple(ALL, seen));
        Backstore store = open();
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writes.add(store.write(i, block(i + 1), Durability.CACHED));
        }
        for (CompletionStage<Void> write : writes) {
            await(write);
        }
        assertEquals(3, seen.size());
        for (Request request : seen) {
            assertEquals("its own data", request.offset() / BLOCK + 1, request.data()[BLOCK - 1]);
        }
        await(store.flush());
        assertEquals(State.HEALTHY, store.health().state());
        assertEquals(List.of(BackstoreEvent.HEALTH_CHANGED, BackstoreEvent.HEALTH_CHANGED), context.events());
    }

    /** Writes a block, and loses the connection with the next request. */
    private Backstore loseAfterAWrite(Durability durability, BlockingQueue<Request> seen) throws Exception {
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    client.simple(client.request().cookie(), 0);
                    client.request();
                },
                simple(ALL, seen));
        Backstore store = open();
        await(store.write(0, block(1), durability));
        return store;
    }

    @Test
    public void whatWasNotFlushedWhenTheConnectionWasLostIsInDoubt() throws Exception {
        BlockingQueue<Request> seen = new LinkedBlockingQueue<>();
        Backstore store = loseAfterAWrite(Durability.CACHED, seen);
        assertEquals(Fault.WRITE_FAILED, fault(store.flush()));
        assertEquals(Fault.WRITE_FAILED, fault(store.write(0, block(1), Durability.CACHED)));
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertEquals(State.READ_ONLY, store.health().state());
        assertTrue(store.health().reason(), store.health().reason().contains("backstore:reopen"));
        assertEquals(
                "reads alone", List.of(0), seen.stream().map(Request::command).toList());
        assertEquals(Fault.WRITE_FAILED, fault(store.close()));
    }

    @Test
    public void aStableWriteLeavesNoDoubt() throws Exception {
        Backstore store = loseAfterAWrite(Durability.STABLE, new LinkedBlockingQueue<>());
        await(store.flush());
        await(store.close());
    }

    @Test
    public void aServerThatKeepsWhatItHasAnsweredLeavesNoDoubt() throws Exception {
        options.put("serverKeeps", "true");
        Backstore store = loseAfterAWrite(Durability.CACHED, new LinkedBlockingQueue<>());
        await(store.flush());
        assertEquals(State.HEALTHY, store.health().state());
        await(store.close());
    }

    @Test
    public void aFlushThatHasFailedIsNotTriedAgain() throws Exception {
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            client.simple(client.request().cookie(), 5);
            obey(client, new LinkedBlockingQueue<>());
        });
        Backstore store = open();
        assertEquals(Fault.WRITE_FAILED, fault(store.flush()));
        assertEquals(Fault.WRITE_FAILED, fault(store.flush()));
        assertEquals(State.READ_ONLY, store.health().state());
    }

    @Test
    public void aServerThatDoesNotComeBackIsGivenUpAfterTheTimeout() throws Exception {
        options.put("timeout", "1");
        ScriptedServer server = serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    client.request();
                },
                Peer::stay);
        Backstore store = open();
        CompletionStage<Void> reading = store.read(0, ByteBuffer.allocate(BLOCK));
        assertEquals(Fault.NOT_READY, fault(reading));
        assertEquals(List.of(BackstoreEvent.HEALTH_CHANGED, BackstoreEvent.LOST), context.events());
        assertEquals(State.FAILED, store.health().state());
        assertEquals(Fault.NOT_READY, fault(store.write(0, block(1), Durability.CACHED)));
        await(store.close());
        assertEquals(2, server.connections());
    }

    /** A server that always breaks at the same request is given up too, though it can be connected to each time. */
    @Test
    public void aServerThatBreaksEachTimeIsGivenUp() throws Exception {
        options.put("timeout", "1");
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            client.request();
        });
        assertEquals(Fault.NOT_READY, fault(open().read(0, ByteBuffer.allocate(BLOCK))));
        assertTrue(context.events().contains(BackstoreEvent.LOST));
    }

    /** Other requests are answered each time, so the server is not away; what it breaks at is not sent for ever. */
    @Test
    public void aRequestThatBreaksTheServerEachTimeIsGivenUp() throws Exception {
        int bad = BLOCK;
        AtomicInteger lost = new AtomicInteger();
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            boolean broken = false;
            boolean answered = false;
            while (!broken || !answered) {
                Request request = client.request();
                if (request.offset() == bad) {
                    broken = true;
                    lost.incrementAndGet();
                } else {
                    client.simple(request.cookie(), 0, new byte[BLOCK]);
                    answered = true;
                }
            }
        });
        Backstore store = open();
        readOnAndOn(store);
        long begun = System.nanoTime();
        BackstoreException failure =
                assertThrows(BackstoreException.class, () -> await(store.read(1, ByteBuffer.allocate(BLOCK))));
        assertEquals(Fault.NOT_READY, failure.fault());
        assertTrue(failure.getMessage(), failure.getMessage().contains("6 connections were lost under this READ"));
        assertEquals("each has lost its connection", 6, lost.get());
        assertTrue("pauses that grow", System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(1));
        assertFalse(context.events().contains(BackstoreEvent.LOST));
    }

    private static void readOnAndOn(Backstore store) {
        store.read(0, ByteBuffer.allocate(BLOCK)).thenRun(() -> readOnAndOn(store));
    }

    @Test
    public void anotherExportIsNotTakenForTheOneThatWas() throws Exception {
        options.put("timeout", "1");
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    client.request();
                },
                client -> {
                    client.shakeHands(SIZE / 2, ALL, false);
                    obey(client, new LinkedBlockingQueue<>());
                });
        assertEquals(Fault.NOT_READY, fault(open().read(0, ByteBuffer.allocate(BLOCK))));
    }

    @Test
    public void aLargerExportIsTold() throws Exception {
        serve(
                client -> {
                    client.shakeHands(SIZE, ALL, false);
                    client.request();
                },
                client -> {
                    client.shakeHands(2 * SIZE, ALL, false);
                    obey(client, new LinkedBlockingQueue<>());
                });
        Backstore store = open();
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertTrue(context.events().contains(BackstoreEvent.CAPACITY_CHANGED));
        assertEquals(SIZE, store.geometry().sizeBytes());
    }

    /** What is under way on a connection that is well is not sent a second time, which may be after something newer. */
    @Test
    public void whatIsUnderWayOnAnotherConnectionIsNotAskedAgain() throws Exception {
        int flags = ALL | ScriptedServer.CAN_MULTI_CONN;
        BlockingQueue<Request> first = new LinkedBlockingQueue<>();
        BlockingQueue<Request> second = new LinkedBlockingQueue<>();
        BlockingQueue<Request> anew = new LinkedBlockingQueue<>();
        CountDownLatch lose = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        options.put("connections", "2");
        serve(
                client -> {
                    client.shakeHands(SIZE, flags, false);
                    first.add(client.request());
                    pass(lose);
                    client.out.close();
                    lost.countDown();
                },
                client -> {
                    client.shakeHands(SIZE, flags, false);
                    Request request = client.request();
                    second.add(request);
                    pass(answer);
                    client.simple(request.cookie(), 0);
                    client.stay();
                },
                simple(flags, anew));
        Backstore store = open();
        CompletionStage<Void> ofLost = store.write(0, much(1), Durability.STABLE);
        assertEquals(0, next(first).offset());
        CompletionStage<Void> ofOther = store.write(1, much(2), Durability.STABLE);
        assertEquals(BLOCK, next(second).offset());
        lose.countDown();
        lost.await();
        turnOfTheLoop();
        CompletionStage<Void> newer = store.write(2, block(3), Durability.STABLE);
        turnOfTheLoop();
        assertTrue("nothing is sent before that is over", anew.isEmpty());
        answer.countDown();
        await(ofOther);
        await(ofLost);
        await(newer);
        assertEquals(
                List.of(0L, 2L * BLOCK),
                anew.stream().map(Request::offset).sorted().toList());
    }

    private static Request next(BlockingQueue<Request> seen) throws InterruptedException {
        Request next = seen.poll(30, TimeUnit.SECONDS);
        assertNotNull("nothing has come", next);
        return next;
    }

    /**
     * Three connections with one request each: that of block 0 is lost, that of block 1 is a write which is answered when the latch
     * says so, and that of block 2 is a read which is not answered.
     */
    private ScriptedServer.Script oneOfThree(CountDownLatch all, CountDownLatch broken, CountDownLatch answer) {
        return client -> {
            client.shakeHands(SIZE, ALL | ScriptedServer.CAN_MULTI_CONN, false);
            Request request = client.request();
            all.countDown();
            pass(all);
            if (request.offset() == BLOCK) {
                pass(answer);
                client.simple(request.cookie(), 0);
            }
            try {
                if (request.offset() != 0) {
                    client.stay();
                }
            } finally {
                if (request.offset() == 2 * BLOCK) {
                    broken.countDown();
                }
            }
        };
    }

    private Backstore openThree(BlockingQueue<Request> anew, CountDownLatch broken, CountDownLatch answer)
            throws Exception {
        options.put("connections", "3");
        options.put("timeout", "2");
        ScriptedServer.Script one = oneOfThree(new CountDownLatch(3), broken, answer);
        serve(one, one, one, simple(ALL | ScriptedServer.CAN_MULTI_CONN, anew));
        return open();
    }

    /** The server has it and does it whenever it likes: nothing is written before that is over. */
    @Test
    public void aConnectionThatIsWellIsNotBrokenUnderAWrite() throws Exception {
        BlockingQueue<Request> anew = new LinkedBlockingQueue<>();
        CountDownLatch broken = new CountDownLatch(1);
        Backstore store = openThree(anew, broken, broken);
        CompletionStage<Void> ofLost = store.write(0, much(1), Durability.STABLE);
        turnOfTheLoop();
        CompletionStage<Void> ofWell = store.write(1, much(2), Durability.STABLE);
        turnOfTheLoop();
        CompletionStage<Void> reading = store.read(2, ByteBuffer.allocate(BLOCK));
        await(ofWell);
        await(ofLost);
        await(reading);
        assertEquals(
                List.of(0L, 2L * BLOCK),
                anew.stream().map(Request::offset).sorted().toList());
    }

    /** Only the write is waited for: when it is answered late, there is still time to ask for what is read. */
    @Test
    public void aReadBesideAWriteThatIsAnsweredLateIsAskedAgain() throws Exception {
        int flags = ALL | ScriptedServer.CAN_MULTI_CONN;
        CountDownLatch all = new CountDownLatch(3);
        options.put("connections", "2");
        options.put("timeout", "4");
        serve(
                client -> {
                    client.shakeHands(SIZE, flags, false);
                    client.request();
                    all.countDown();
                    pass(all);
                },
                client -> {
                    client.shakeHands(SIZE, flags, false);
                    Request write = client.request();
                    all.countDown();
                    client.request();
                    all.countDown();
                    pass(all);
                    pauseMillis(2500);
                    client.simple(write.cookie(), 0);
                    client.stay();
                },
                simple(flags, new LinkedBlockingQueue<>()));
        Backstore store = open();
        CompletionStage<Void> ofLost = store.write(0, much(1), Durability.STABLE);
        CompletionStage<Void> ofWell = store.write(1, block(2), Durability.STABLE);
        CompletionStage<Void> reading = store.read(2, ByteBuffer.allocate(BLOCK));
        await(ofWell);
        await(reading);
        await(ofLost);
        assertFalse(context.events().contains(BackstoreEvent.LOST));
    }

    /** More than half of the patience. */
    private static void pauseMillis(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException stopped) {
            throw new IOException(stopped);
        }
    }

    @Test
    public void aWriteThatIsNotAnsweredOnAConnectionThatIsWellIsNotSentAgain() throws Exception {
        BlockingQueue<Request> anew = new LinkedBlockingQueue<>();
        Backstore store = openThree(anew, new CountDownLatch(1), new CountDownLatch(1));
        long begun = System.nanoTime();
        CompletionStage<Void> ofLost = store.write(0, much(1), Durability.STABLE);
        turnOfTheLoop();
        CompletionStage<Void> ofWell = store.write(1, much(2), Durability.STABLE);
        turnOfTheLoop();
        CompletionStage<Void> reading = store.read(2, ByteBuffer.allocate(BLOCK));
        for (CompletionStage<Void> operation : List.of(ofLost, ofWell, reading)) {
            BackstoreException failure = assertThrows(BackstoreException.class, () -> await(operation));
            assertEquals(Fault.NOT_READY, failure.fault());
            assertTrue(failure.getMessage(), failure.getMessage().contains("a write that it has is not answered"));
        }
        assertTrue("its patience is over", System.nanoTime() - begun >= TimeUnit.SECONDS.toNanos(2));
        assertTrue(anew.isEmpty());
        assertEquals(State.FAILED, store.health().state());
        assertTrue(context.events().contains(BackstoreEvent.LOST));
    }

    /** What the event loop knows by the end of this has come before. */
    private void turnOfTheLoop() throws Exception {
        try (ScriptedServer other = new ScriptedServer(simple(ALL, new LinkedBlockingQueue<>()))) {
            options.put("uri", other.uri());
            Backstore store = open();
            await(store.read(0, ByteBuffer.allocate(BLOCK)));
            await(store.close());
        }
    }

    /** An answer that comes before the data has been taken does not give the buffers back. */
    @Test
    public void buffersAreKeptUntilTheyAreSent() throws Exception {
        int count = 32;
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            client.request();
            pass(asked);
            client.simple(count, 28);
            client.simple(1, 0);
            pass(looked);
            client.stay();
        });
        Backstore store = open();
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer[] source = {ByteBuffer.allocateDirect(SIZE)};
            writes.add(store.write(0, source, Durability.CACHED));
        }
        serve(simple(ALL, new LinkedBlockingQueue<>()));
        await(open().read(0, ByteBuffer.allocate(BLOCK)));
        asked.countDown();
        await(writes.get(0));
        assertFalse(writes.get(count - 1).toCompletableFuture().isDone());
        looked.countDown();
        assertEquals(Fault.OUT_OF_SPACE, fault(writes.get(count - 1)));
    }
}
