package io.sluice.manager.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.manager.document.AttentionsJson;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.UnitState;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** The state of a unit is saved by who serves it, and by nobody who does not any more. */
public class SharedUnitStateTest {

    private static final SharedAttention ATTENTION = new SharedAttention(Sense.RESERVATIONS_RELEASED, List.of(), null);

    private final VolumeRuntime runtime = new VolumeRuntime();
    private final Records records = new Records();
    private SharedStorage storage;

    /** Storage of which only the records matter. */
    private static final class Records implements Backstore, SharedRecords {
        private final Map<String, byte[]> all = new ConcurrentHashMap<>();

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(8, 512);
        }

        @Override
        public BackstoreHealth health() {
            return BackstoreHealth.HEALTHY;
        }

        @Override
        public CompletionStage<byte[]> record(String name) {
            return CompletableFuture.completedFuture(all.getOrDefault(name, new byte[0]));
        }

        @Override
        public CompletionStage<Void> putRecord(String name, byte[] value) {
            all.put(name, value);
            return Backstore.done();
        }

        @Override
        public CompletionStage<List<String>> recordNames() {
            return CompletableFuture.completedFuture(List.copyOf(all.keySet()));
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> flush() {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> close() {
            return Backstore.done();
        }
    }

    @Before
    public void open() {
        Volume volume = new Volume(
                "disk0",
                records.geometry(),
                new VolumeSettings(Duration.ofSeconds(1), 10, Duration.ofSeconds(10)),
                runtime);
        ContainedStore store = new ContainedStore(
                records,
                null,
                new StoreContext(new StoreThreads(), "disk0", Map.of(), event -> {}),
                new EventRelay(event -> {}));
        volume.attach(store).toCompletableFuture().join();
        storage = new SharedStorage(volume, () -> store, SharingPatience.DEFAULTS.storage());
    }

    @After
    public void close() {
        runtime.close();
    }

    @Test
    public void whoServesSaves() {
        new SharedUnitState(storage, () -> true)
                .save(UnitState.NEW)
                .toCompletableFuture()
                .join();
        assertTrue(records.all.containsKey(SharedUnitState.RECORD));
    }

    /** Another one has begun with what was saved before. */
    @Test
    public void whoServesNoMoreSavesNothing() {
        CompletableFuture<Void> saved =
                new SharedUnitState(storage, () -> false).save(UnitState.NEW).toCompletableFuture();
        assertThrows(CompletionException.class, saved::join);
        assertEquals(Map.of(), records.all);
    }

    /** They would come in place of those of who serves it now. */
    @Test
    public void whatTookTheDiskIsClosedAndNothingIsToldAnyMore() {
        AtomicBoolean open = new AtomicBoolean(true);
        Attentions attentions = new Attentions("disk0", storage, open::get, attention -> {});
        attentions.begin("term");
        attentions.tell(ATTENTION);
        byte[] told = records.all.get(Attentions.RECORD);
        assertNotNull(told);
        open.set(false);
        attentions.tell(ATTENTION);
        assertSame(told, records.all.get(Attentions.RECORD));
    }

    /** Between two of its own it has seen what its predecessor has told last, and has it neither told as its own nor again. */
    @Test
    public void attentionsAreToldByTheNameOfWhoTellsThem() throws Exception {
        List<SharedAttention> heard = new CopyOnWriteArrayList<>();
        records.all.put(Attentions.RECORD, attentions("before", 7));
        Attentions attentions = new Attentions("disk0", storage, () -> true, heard::add);
        attentions.read().toCompletableFuture().join();
        attentions.begin("own");
        attentions.read().toCompletableFuture().join();
        assertEquals(List.of(), heard);
        attentions.tell(ATTENTION);
        AttentionsJson.Attentions told = AttentionsJson.read(records.all.get(Attentions.RECORD));
        assertEquals("own", told.term());
        assertEquals(1, told.numbered().get(0).number());
        attentions.read().toCompletableFuture().join();
        assertEquals(List.of(), heard);
        records.all.put(Attentions.RECORD, attentions("after", 1));
        attentions.read().toCompletableFuture().join();
        assertEquals(1, heard.size());
    }

    private static byte[] attentions(String term, long number) {
        return AttentionsJson.write(
                new AttentionsJson.Attentions(term, List.of(new AttentionsJson.Numbered(number, ATTENTION))));
    }

    /** It has nothing by which others could be told, and they look now and then. */
    @Test
    public void storageWithoutNoticesIsNoError() {
        storage.announce();
        storage.announce();
        storage.listen(() -> {}).toCompletableFuture().join();
    }
}
