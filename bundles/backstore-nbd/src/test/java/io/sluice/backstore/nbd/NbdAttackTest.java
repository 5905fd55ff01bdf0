package io.sluice.backstore.nbd;

import static io.sluice.backstore.nbd.ScriptedServer.ALL;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.nbd.ScriptedServer.Peer;
import io.sluice.backstore.nbd.ScriptedServer.Request;
import io.sluice.backstore.nbd.ScriptedServer.Script;
import io.sluice.config.ConfigException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.Test;

/** Servers that send what they must not: a connection breaks, and never more. */
public class NbdAttackTest extends ScriptedFixture {

    /** Each breaks its connection, never more; the read succeeds over the next one. */
    private void survives(Script attack) throws Exception {
        ScriptedServer server = serve(attack, client -> {
            client.shakeHands(SIZE, ALL, true);
            client.chunk(client.request().cookie(), 1, 1, Peer.data(0, BLOCK, 9));
            client.stay();
        });
        Backstore store = open();
        ByteBuffer seen = ByteBuffer.allocateDirect(BLOCK);
        await(store.read(0, seen));
        assertEquals(9, seen.get(BLOCK - 1));
        assertEquals(2, server.connections());
        assertEquals(List.of(), server.failures());
    }

    /** What a server answers to a read of a block. */
    @FunctionalInterface
    private interface Answer {
        void send(Peer client, long cookie) throws IOException;
    }

    private void survivesAnswer(Answer answer) throws Exception {
        survives(client -> {
            client.shakeHands(SIZE, ALL, true);
            answer.send(client, client.request().cookie());
            client.stay();
        });
    }

    @Test
    public void anUnknownCookieBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(cookie + 1, 1, 1, Peer.data(0, BLOCK, 1)));
    }

    @Test
    public void aWrongMagicBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.out.write(new byte[16]));
    }

    @Test
    public void aSimpleReplyToAReadBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.simple(cookie, 0, new byte[BLOCK]));
    }

    @Test
    public void theSameDataTwiceBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> {
            client.chunk(cookie, 0, 1, Peer.data(0, 300, 1));
            client.chunk(cookie, 1, 1, Peer.data(299, 213, 1));
        });
    }

    @Test
    public void dataThatIsCompleteAlreadyIsNotTakenAgain() throws Exception {
        survivesAnswer((client, cookie) -> {
            client.chunk(cookie, 0, 1, Peer.data(0, BLOCK, 1));
            client.chunk(cookie, 1, 1, Peer.data(0, 100, 1));
        });
    }

    @Test
    public void dataBeforeAndBehindWhatWasAskedForBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(cookie, 1, 1, Peer.data(1, BLOCK, 1)));
        survivesAnswer((client, cookie) -> client.chunk(cookie, 1, 1, Peer.data(-1, BLOCK, 1)));
    }

    @Test
    public void aHugeLengthBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> {
            client.chunkHead(cookie, 0, 1, Integer.MAX_VALUE);
            client.out.writeLong(0);
        });
    }

    @Test
    public void aNegativeLengthBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunkHead(cookie, 0, 0x8001, -5));
    }

    @Test
    public void aHugeHoleBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(
                cookie, 0, 2, ByteBuffer.allocate(12).putLong(0).putInt(-1).array()));
    }

    @Test
    public void anIncompleteReadBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(cookie, 1, 1, Peer.data(0, BLOCK - 1, 1)));
    }

    @Test
    public void aStatusThatNobodyHasAskedForBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(cookie, 1, 5, new byte[12]));
    }

    @Test
    public void anUnknownPartBreaksTheConnection() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(cookie, 1, 99));
    }

    @Test
    public void theEndInTheMiddleOfDataBreaksTheConnection() throws Exception {
        survives(client -> {
            client.shakeHands(SIZE, ALL, true);
            client.chunkHead(client.request().cookie(), 1, 1, 8 + BLOCK);
            client.out.write(new byte[100]);
        });
    }

    @Test
    public void aServerThatShutsDownIsLeft() throws Exception {
        survivesAnswer((client, cookie) -> client.chunk(
                cookie, 1, 0x8001, ByteBuffer.allocate(6).putInt(108).array()));
    }

    /** More than the sockets of both sides keep. */
    private static final int MUCH = 32 << 20;

    /** Writes much to a server whose first connection gets no more of it than the head; returns what the second one has seen. */
    private BlockingQueue<Request> answeredTooEarly(Script first) throws Exception {
        BlockingQueue<Request> seen = new LinkedBlockingQueue<>();
        ScriptedServer server = serve(
                client -> {
                    client.shakeHands(MUCH, ALL, false, MUCH);
                    first.run(client);
                },
                client -> {
                    again.countDown();
                    client.shakeHands(MUCH, ALL, false, MUCH);
                    obey(client, seen);
                });
        Backstore store = await(provider.open(config().withSizeBytes(MUCH), context));
        CompletionStage<Void> read = store.read(0, ByteBuffer.allocate(BLOCK));
        CompletionStage<Void> write =
                store.write(0, new ByteBuffer[] {ByteBuffer.allocateDirect(MUCH)}, Durability.CACHED);
        await(read);
        readDone.countDown();
        await(write);
        assertEquals(2, server.connections());
        return seen;
    }

    private final CountDownLatch readDone = new CountDownLatch(1);
    private final CountDownLatch again = new CountDownLatch(1);

    /** An answer of a write that was not sent is worth nothing when the connection is lost: it is asked again. */
    @Test
    public void anAnswerBeforeAllWasSentIsForgottenWithItsConnection() throws Exception {
        BlockingQueue<Request> seen = answeredTooEarly(client -> {
            long read = client.head().cookie();
            client.simple(client.head().cookie(), 5);
            client.simple(read, 0, new byte[BLOCK]);
            pass(readDone);
        });
        assertEquals(MUCH, seen.remove().data().length);
        assertTrue(seen.isEmpty());
    }

    @Test
    public void aSecondAnswerBeforeAllWasSentBreaksTheConnection() throws Exception {
        BlockingQueue<Request> seen = answeredTooEarly(client -> {
            long read = client.head().cookie();
            long write = client.head().cookie();
            client.simple(write, 5);
            client.simple(read, 0, new byte[BLOCK]);
            client.simple(write, 0);
            // As soon as all is sent, the first answer is the end of it.
            pass(again);
        });
        assertEquals(MUCH, seen.remove().data().length);
    }

    @Test
    public void handshakesThatAreNoneAreRefusedWithALine() throws Exception {
        String text = refused(client -> client.out.write("SSH-2.0-OpenSSH_9.2p1\r\n".getBytes()));
        assertTrue(text, text.contains("greeting"));
        text = refused(client -> client.greet(0));
        assertTrue(text, text.contains("too old"));
        text = refused(client -> client.out.write(new byte[3]));
        assertTrue(text, text.contains("end of the connection"));
        text = refused(client -> {
            client.greet(3);
            client.out.writeLong(0x0003e889045565a9L);
            client.out.writeInt(8);
            client.out.writeInt(0x80000001);
            client.out.writeInt(Integer.MAX_VALUE);
            client.stay();
        });
        assertTrue(text, text.contains("STRUCTURED_REPLY"));
    }

    @Test
    public void anExportThatIsNotThereIsRefusedWithALine() throws Exception {
        String text = refused(client -> {
            client.greet(3);
            client.optionReply(8, 0x80000001, new byte[0]);
            client.optionReply(7, 0x80000006, "no\nsuch".getBytes());
            client.stay();
        });
        assertTrue(text, text.contains("it has no such export"));
    }

    @Test
    public void informationWithoutAnEndIsRefused() throws Exception {
        String text = refused(client -> {
            client.greet(3);
            client.optionReply(8, 0x80000001, new byte[0]);
            while (true) {
                client.optionReply(
                        7, 3, ByteBuffer.allocate(4000).putShort((short) 2).array());
            }
        });
        assertTrue(text, text.contains("without an end"));
    }

    @Test
    public void aServerThatWantsTlsSaysSo() throws Exception {
        String text = refused(client -> {
            client.greet(3);
            client.optionReply(8, 0x80000005, new byte[0]);
            client.optionReply(7, 0x80000005, new byte[0]);
            client.stay();
        });
        assertTrue(text, text.contains("nbds:"));
    }

    @Test
    public void plainTextBehindTheAgreementOnTlsIsRefused() throws Exception {
        serve(client -> {
            client.greet(3);
            client.in.readInt();
            client.option();
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.write(ByteBuffer.allocate(20)
                    .putLong(0x0003e889045565a9L)
                    .putInt(5)
                    .putInt(1)
                    .putInt(0)
                    .array());
            both.write(ByteBuffer.allocate(20)
                    .putLong(0x0003e889045565a9L)
                    .putInt(8)
                    .putInt(1)
                    .putInt(0)
                    .array());
            client.out.write(both.toByteArray());
            client.stay();
        });
        options.put("uri", options.get("uri").replace("nbd:", "nbds:"));
        String text = assertThrows(ConfigException.class, () -> await(provider.create(config(), context)))
                .getMessage();
        assertTrue(text, text.contains("plain text"));
    }
}
