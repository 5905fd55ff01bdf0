package com.example.vhd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a user is told, and what is kept from him. */
public class VhdBackstoreProviderTest {

    private static final long SIZE = 8 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("disk");
    private Path disks;
    private VhdBackstoreProvider provider;

    @Before
    public void makeProvider() throws IOException {
        disks = folder.newFolder("disks").toPath();
        provider = new VhdBackstoreProvider(new VhdFolder(disks));
    }

    @After
    public void endThreads() {
        context.close();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private static BackstoreConfig config(String path, long sizeBytes) {
        return BackstoreConfig.builder("disk", "vhd")
                .sizeBytes(sizeBytes)
                .options(Map.of("path", path))
                .build();
    }

    private BackstoreConfig create(BackstoreConfig asked) throws Exception {
        return await(provider.create(asked, context));
    }

    private Backstore open(BackstoreConfig config) throws Exception {
        return await(provider.open(config, context));
    }

    private void assertRefused(String reason, BackstoreConfig asked) {
        ConfigException refused = assertThrows(ConfigException.class, () -> create(asked));
        assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
    }

    private void assertFails(Fault fault, String reason, CompletionStage<?> operation) {
        BackstoreException failed = assertThrows(BackstoreException.class, () -> await(operation));
        assertEquals(fault, failed.fault());
        assertTrue(failed.getMessage(), failed.getMessage().contains(reason));
    }

    private static CompletionStage<Void> write(Backstore store) {
        return store.write(0, new ByteBuffer[] {ByteBuffer.allocate(512)}, Durability.CACHED);
    }

    @Test
    public void namesThatLeadOutOfTheFolder() throws Exception {
        Path outside = folder.newFile("outside.vhd").toPath();
        Files.createSymbolicLink(disks.resolve("link"), outside);
        for (String name : List.of("..", "/", ".", "/etc/passwd", "../outside.vhd", "below/disk.vhd", "link")) {
            assertRefused("is not in", config(name, SIZE));
        }
        assertEquals(0, Files.size(outside));
    }

    @Test
    public void whatCannotBeMade() {
        assertRefused("a VHD has at most 2040G", config("disk.vhd", 2L << 40));
        BackstoreConfig odd = config("disk.vhd", SIZE);
        assertRefused(
                "'raw' is no format of a VHD: use dynamic or fixed",
                odd.toBuilder()
                        .options(Map.of("path", "disk.vhd", "format", "raw"))
                        .build());
    }

    @Test
    public void aFileThatIsThereIsTakenAsItIs() throws Exception {
        Files.writeString(disks.resolve("text"), "no disk");
        assertRefused("is not a VHD, or its footer is damaged", config("text", 0));
        create(config("disk.vhd", SIZE));
        assertRefused("exists and has a disk of " + SIZE + " bytes", config("disk.vhd", 2 * SIZE));
        BackstoreConfig taken = create(config("disk.vhd", 0));
        assertEquals(SIZE, taken.sizeBytes());
    }

    @Test
    public void undoingLeavesWhatWasThereBefore() throws Exception {
        await(open(create(config("disk.vhd", SIZE))).close());
        BackstoreConfig taken = create(config("disk.vhd", 0));
        await(provider.undoCreate(taken, context));
        assertTrue(Files.exists(disks.resolve("disk.vhd")));
    }

    @Test
    public void aFileBelongsToOneStore() throws Exception {
        BackstoreConfig config = create(config("disk.vhd", SIZE));
        Backstore store = open(config);
        assertFails(Fault.NOT_READY, "is in use by another backstore", provider.open(config, context));
        assertRefused("is in use by another backstore", config("disk.vhd", 0));
        await(store.close());
        await(open(config).close());
    }

    @Test
    public void aFileThatAnotherProgramHas() throws Exception {
        BackstoreConfig config = create(config("disk.vhd", SIZE));
        try (FileChannel other = FileChannel.open(disks.resolve("disk.vhd"), StandardOpenOption.WRITE)) {
            other.lock();
            assertFails(Fault.NOT_READY, "is in use by another program", provider.open(config, context));
        }
        await(open(config).close());
    }

    @Test
    public void aFileThatHasGone() throws Exception {
        BackstoreConfig config = create(config("disk.vhd", SIZE));
        Files.delete(disks.resolve("disk.vhd"));
        assertFails(Fault.NOT_READY, "is not there", provider.open(config, context));
    }

    @Test
    public void aDiskForReadingOnly() throws Exception {
        create(config("disk.vhd", SIZE));
        Backstore store =
                open(create(config("disk.vhd", 0).toBuilder().readOnly(true).build()));
        await(store.read(0, ByteBuffer.allocate(512)));
        assertFails(Fault.WRITE_PROTECTED, "for reading only", write(store));
        await(store.close());
    }

    /** A channel that is closed is the closest to a disk that fails which there is without one. */
    @Test
    public void aFlushThatFailsIsKept() throws Exception {
        create(config("disk.vhd", SIZE));
        OpenVhd open = OpenVhd.open(disks.resolve("disk.vhd"), true, new FilesInUse());
        Backstore store = new VhdBackstore(open, new BlockGeometry(SIZE / 512, 512), context);
        await(write(store));
        open.channel().close();
        assertFails(Fault.WRITE_FAILED, "cannot be flushed", store.flush());
        assertEquals(BackstoreHealth.State.READ_ONLY, store.health().state());
        assertEquals(List.of(BackstoreEvent.HEALTH_CHANGED), context.events());
        assertFails(Fault.WRITE_FAILED, "may be lost", store.flush());
        assertFails(Fault.WRITE_FAILED, "may be lost", write(store));
    }
}
