package io.sluice.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.SuppliedRead;
import io.sluice.config.BackstoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.After;
import org.junit.Test;

public class SocketBackstoreTest {

    private final TestContext context = new TestContext("disk0");
    private final SocketBackstoreProvider provider = new SocketBackstoreProvider();
    private final BlockServer server = new BlockServer();
    private final BackstoreConfig config = BackstoreConfig.builder("disk0", "socket")
            .sizeBytes(1 << 20)
            .options(Map.of("port", String.valueOf(server.port())))
            .build();

    public SocketBackstoreTest() throws IOException {}

    private Backstore open() throws Exception {
        return BackstoreFixture.await(provider.open(config, context));
    }

    private static CompletionStage<Void> write(Backstore store, int value) {
        ByteBuffer block = ByteBuffer.allocate(512).put(0, (byte) value);
        return store.write(0, new ByteBuffer[] {block}, Durability.CACHED);
    }

    private static void assertNotReady(CompletionStage<Void> operation) {
        BackstoreException failed = assertThrows(BackstoreException.class, () -> BackstoreFixture.await(operation));
        assertEquals(Fault.NOT_READY, failed.fault());
    }

    @After
    public void end() {
        server.close();
        context.close();
    }

    @Test
    public void aLostConnectionIsToldOnceAndOpenedAnew() throws Exception {
        BackstoreFixture.await(provider.create(config, context));
        Backstore store = open();
        BackstoreFixture.await(write(store, 7));
        server.dropConnections();
        List<CompletionStage<Void>> late = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            late.add(store.read(0, ByteBuffer.allocate(512)));
        }
        late.forEach(SocketBackstoreTest::assertNotReady);
        assertNotReady(store.flush());
        assertEquals(BackstoreHealth.State.FAILED, store.health().state());
        assertNotReady(store.close());
        assertEquals(List.of(BackstoreEvent.LOST), context.events());

        Backstore again = open();
        ByteBuffer seen = ByteBuffer.allocate(512);
        BackstoreFixture.await(again.read(0, seen));
        assertEquals(7, seen.get(0));
        BackstoreFixture.await(again.close());
        assertEquals("closing is no loss", 1, context.events().size());
    }

    @Test
    public void whatIsSuppliedIsCountedUntilItIsBack() throws Exception {
        BackstoreFixture.await(provider.create(config, context));
        SocketBackstore store = (SocketBackstore) open();
        SuppliedData data =
                BackstoreFixture.await(store.ability(SuppliedRead.class).read(0, 512));
        assertEquals(1, store.supplied());
        data.close();
        assertEquals(0, store.supplied());
        BackstoreFixture.await(store.close());
    }

    @Test
    public void aServerThatIsNotThereIsNotReady() {
        server.close();
        BackstoreException failed = assertThrows(BackstoreException.class, this::open);
        assertEquals(Fault.NOT_READY, failed.fault());
        assertFalse(failed.getMessage().isBlank());
    }
}
