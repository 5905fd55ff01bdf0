package io.sluice.backstore.nbd;

import static io.sluice.backstore.nbd.ScriptedServer.ALL;
import static io.sluice.backstore.nbd.ScriptedServer.CONTEXT;
import static io.sluice.backstore.nbd.ScriptedServer.FLUSH;
import static io.sluice.backstore.nbd.ScriptedServer.HAS_FLAGS;
import static io.sluice.backstore.nbd.ScriptedServer.SEND_FLUSH;
import static io.sluice.backstore.nbd.ScriptedServer.WRITE;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.backstore.nbd.ScriptedServer.Peer;
import io.sluice.backstore.nbd.ScriptedServer.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** What is sent, and how answers are read, by the bytes. */
public class NbdWireTest extends ScriptedFixture {

    @Test
    public void theHandshakeIsAsTheSpecificationSaysByteForByte() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        List<String> sent = new ArrayList<>();
        serve(client -> {
            client.greet(3);
            sent.add(HexFormat.of().formatHex(client.in.readNBytes(4 + 16)));
            client.optionReply(8, 1, new byte[0]);
            sent.add(HexFormat.of().formatHex(client.in.readNBytes(16 + 4 + 1 + 4 + 4 + 15)));
            client.optionReply(10, 0x80000001, new byte[0]);
            sent.add(HexFormat.of().formatHex(client.in.readNBytes(16 + 4 + 1 + 2 + 2)));
            client.optionReply(7, 3, Peer.export(SIZE, ALL));
            client.optionReply(7, 1, new byte[0]);
            sent.add(HexFormat.of().formatHex(client.in.readNBytes(28)));
            over.countDown();
            client.stay();
        });
        assertEquals(SIZE, await(provider.create(config(), context)).sizeBytes());
        assertTrue(over.await(30, TimeUnit.SECONDS));
        assertEquals(
                List.of(
                        "00000003" + "49484156454f5054" + "00000008" + "00000000",
                        "49484156454f5054" + "0000000a" + "0000001c" + "0000000178" + "00000001" + "0000000f"
                                + "626173653a616c6c6f636174696f6e",
                        "49484156454f5054" + "00000007" + "00000009" + "0000000178" + "0001" + "0003",
                        "25609513" + "0000" + "0002" + "0000000000000000" + "0000000000000000" + "00000000"),
                sent);
    }

    @Test
    public void commandsAreAsTheSpecificationSaysByteForByte() throws Exception {
        BlockingQueue<String> sent = new LinkedBlockingQueue<>();
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            for (int length : new int[] {28, 28 + BLOCK, 28 + BLOCK, 28, 28, 28}) {
                byte[] request = client.in.readNBytes(length);
                sent.add(HexFormat.of().formatHex(request, 0, 28));
                client.simple(ByteBuffer.wrap(request).getLong(8), 0, new byte[request[7] == 0 ? BLOCK : 0]);
            }
            client.stay();
        });
        Backstore store = open();
        await(store.read(2, ByteBuffer.allocate(BLOCK)));
        await(store.write(3, block(1), Durability.CACHED));
        await(store.write(3, block(1), Durability.STABLE));
        await(store.flush());
        await(store.ability(Unmap.class).unmap(4, 2));
        await(store.ability(WriteZeroes.class).writeZeroes(4, 2, Durability.STABLE));
        assertEquals(
                List.of(
                        "256095130000" + "0000" + "0000000000000001" + "0000000000000400" + "00000200",
                        "256095130000" + "0001" + "0000000000000002" + "0000000000000600" + "00000200",
                        "256095130001" + "0001" + "0000000000000003" + "0000000000000600" + "00000200",
                        "256095130000" + "0003" + "0000000000000004" + "0000000000000000" + "00000000",
                        "256095130000" + "0006" + "0000000000000005" + "0000000000000800" + "00000400",
                        "256095130003" + "0006" + "0000000000000006" + "0000000000000800" + "00000400"),
                List.copyOf(sent));
    }

    @Test
    public void aServerWithoutFuaIsFlushedAfterAStableWrite() throws Exception {
        BlockingQueue<Request> seen = new LinkedBlockingQueue<>();
        serve(simple(HAS_FLAGS | SEND_FLUSH, seen));
        Backstore store = open();
        await(store.write(0, block(1), Durability.STABLE));
        assertEquals(List.of(WRITE, FLUSH), seen.stream().map(Request::command).toList());
        assertEquals(0, seen.peek().flags());
        assertNull(store.ability(Unmap.class));
        assertNull(store.ability(ExtentMap.class));
    }

    @Test
    public void partsOfAReadComeInAnyOrder() throws Exception {
        serve(client -> {
            client.shakeHands(SIZE, ALL, true);
            long cookie = client.request().cookie();
            client.chunk(cookie, 0, 1, Peer.data(1024, 512, 3));
            client.chunk(
                    cookie,
                    0,
                    2,
                    ByteBuffer.allocate(12).putLong(512).putInt(256).array());
            client.chunk(cookie, 0, 1, Peer.data(0, 512, 1));
            client.chunk(cookie, 0, 1, Peer.data(768, 256, 2));
            client.chunk(cookie, 1, 0);
            client.stay();
        });
        ByteBuffer seen = ByteBuffer.allocateDirect(1536);
        await(open().read(0, seen));
        byte[] bytes = new byte[1536];
        seen.clear().get(bytes);
        byte[] expected = new byte[1536];
        Arrays.fill(expected, 0, 512, (byte) 1);
        Arrays.fill(expected, 768, 1024, (byte) 2);
        Arrays.fill(expected, 1024, 1536, (byte) 3);
        assertArrayEquals(expected, bytes);
    }

    @Test
    public void anErrorInAPartFailsTheReadAlone() throws Exception {
        serve(client -> {
            client.shakeHands(SIZE, ALL, true);
            long cookie = client.request().cookie();
            client.chunk(cookie, 0, 1, Peer.data(0, 256, 1));
            byte[] error = ByteBuffer.allocate(18)
                    .putInt(5)
                    .putShort((short) 4)
                    .put("oops".getBytes())
                    .putLong(256)
                    .array();
            client.chunk(cookie, 1, 0x8002, error);
            cookie = client.request().cookie();
            client.chunk(cookie, 1, 1, Peer.data(0, BLOCK, 1));
            client.stay();
        });
        Backstore store = open();
        assertEquals(Fault.READ_FAILED, fault(store.read(0, ByteBuffer.allocate(BLOCK))));
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
    }

    @Test
    public void extentsThatAreNoBlocksAreRoundedToWhatHasSpace() throws Exception {
        serve(client -> {
            client.shakeHands(SIZE, ALL, true);
            long cookie = client.request().cookie();
            ByteBuffer extents = ByteBuffer.allocate(4 + 3 * 8).putInt(CONTEXT);
            extents.putInt(700).putInt(3).putInt(100).putInt(0).putInt(4000).putInt(3);
            client.chunk(cookie, 1, 5, extents.array());
            client.stay();
        });
        assertEquals(
                List.of(new BlockExtent(1, false), new BlockExtent(1, true), new BlockExtent(6, false)),
                await(open().ability(ExtentMap.class).extents(0, 8, 10)));
    }

    @Test
    public void errorsOfServersAreFaults() throws Exception {
        int[] codes = {1, 5, 12, 22, 28, 95, 4711};
        Fault[] faults = {
            Fault.WRITE_PROTECTED,
            Fault.WRITE_FAILED,
            Fault.WRITE_FAILED,
            Fault.WRITE_FAILED,
            Fault.OUT_OF_SPACE,
            Fault.WRITE_FAILED,
            Fault.WRITE_FAILED
        };
        serve(client -> {
            client.shakeHands(SIZE, ALL, false);
            for (int code : codes) {
                client.simple(client.request().cookie(), code);
            }
            client.stay();
        });
        Backstore store = open();
        for (Fault expected : faults) {
            assertEquals(expected, fault(store.write(0, block(1), Durability.CACHED)));
        }
    }
}
