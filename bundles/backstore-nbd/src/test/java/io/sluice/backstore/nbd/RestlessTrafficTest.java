package io.sluice.backstore.nbd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.nbd.client.NbdLoop;
import io.sluice.backstore.nbd.client.RestlessLoops;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.TestContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Much under way, to a server that takes it as fast as it comes, on event loops that change all the time. */
public class RestlessTrafficTest {

    private static final int PIECES = 32;
    private static final int PIECE = 1 << 20;
    private static final int BLOCK = 512;
    private static final int ROUNDS = 30;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final NbdLoop loop = new NbdLoop();

    @Rule
    public final RestlessLoops restless = new RestlessLoops(loop);

    private static void await(List<CompletionStage<Void>> stages) throws Exception {
        for (CompletionStage<Void> stage : stages) {
            stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        stages.clear();
    }

    private static byte[] piece(int round, int number) {
        byte[] bytes = new byte[PIECE];
        Arrays.fill(bytes, (byte) (round * PIECES + number));
        return bytes;
    }

    @Test
    public void whatWasWrittenIsRead() throws Exception {
        NbdBackstoreProvider provider = new NbdBackstoreProvider(loop);
        try (TestContext context = new TestContext("disk0");
                RealServer server =
                        RealServer.nbdkit(folder.getRoot().toPath().resolve("s"), "memory", "" + PIECES * PIECE)) {
            assertNotNull(server);
            BackstoreConfig config = BackstoreConfig.builder("disk0", "nbd")
                    .sizeBytes(PIECES * PIECE)
                    .options(Map.of("uri", "nbd+unix:///?socket=" + folder.getRoot() + "/s", "connections", "2"))
                    .build();
            Backstore store =
                    provider.open(config, context).toCompletableFuture().get(30, TimeUnit.SECONDS);
            List<CompletionStage<Void>> underWay = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < PIECES; i++) {
                    ByteBuffer[] source = {ByteBuffer.wrap(piece(round, i))};
                    underWay.add(store.write((long) i * PIECE / BLOCK, source, Durability.CACHED));
                }
                await(underWay);
                ByteBuffer[] found = new ByteBuffer[PIECES];
                for (int i = 0; i < PIECES; i++) {
                    found[i] = ByteBuffer.allocate(PIECE);
                    underWay.add(store.read((long) i * PIECE / BLOCK, found[i]));
                }
                await(underWay);
                for (int i = 0; i < PIECES; i++) {
                    assertArrayEquals("piece " + i + " of round " + round, piece(round, i), found[i].array());
                }
            }
            assertEquals("no connection was lost", List.of(), context.events());
            store.close().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } finally {
            provider.stop();
        }
    }
}
