package com.example.vhd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Disks are carried from QEMU to the store and back, byte by byte. Needs {@code qemu-img}, of Debian's qemu-utils. */
public class QemuTest {

    private static final int SIZE = 12 << 20;
    private static final int BLOCK = 512;

    /** In four blocks of 2 MiB, the first and last sector of the disk among them; the others stay empty. */
    private static final int[][] WRITTEN = {
        {0, 512}, {(2 << 20) - 1024, 4096}, {(7 << 20) + 512, 65_536}, {SIZE - 512, 512}
    };

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("disk");
    private final byte[] content = new byte[SIZE];
    private VhdBackstoreProvider provider;

    @Before
    public void makeContent() {
        provider = new VhdBackstoreProvider(new VhdFolder(folder.getRoot().toPath()));
        Random random = new Random(1);
        for (int[] range : WRITTEN) {
            byte[] bytes = new byte[range[1]];
            random.nextBytes(bytes);
            System.arraycopy(bytes, 0, content, range[0], bytes.length);
        }
    }

    @After
    public void endThreads() {
        context.close();
    }

    private String qemuImg(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.getRoot())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(command + " does not end", process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(command + ": " + output, 0, process.exitValue());
        return output;
    }

    private Path file(String name) {
        return folder.getRoot().toPath().resolve(name);
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Backstore open(String name, long sizeBytes, String format) throws Exception {
        BackstoreConfig asked = BackstoreConfig.builder("disk", "vhd")
                .sizeBytes(sizeBytes)
                .options(Map.of("path", name, "format", format))
                .build();
        return await(provider.open(await(provider.create(asked, context)), context));
    }

    private static void write(Backstore store, byte[] bytes, int offset, int length) throws Exception {
        ByteBuffer[] source = {ByteBuffer.wrap(bytes, offset, length)};
        await(store.write(offset / BLOCK, source, Durability.CACHED));
    }

    private static byte[] read(Backstore store) throws Exception {
        byte[] bytes = new byte[(int) store.geometry().sizeBytes()];
        await(store.read(0, ByteBuffer.wrap(bytes)));
        return bytes;
    }

    /** Has QEMU read the disk, and returns it. */
    private byte[] asQemuReads(String name) throws Exception {
        qemuImg("convert", "-f", "vpc", "-O", "raw", name, name + ".raw");
        return Files.readAllBytes(file(name + ".raw"));
    }

    private void qemuReadsWhatTheStoreWrites(String format) throws Exception {
        Backstore store = open("ours.vhd", SIZE, format);
        for (int[] range : WRITTEN) {
            write(store, content, range[0], range[1]);
        }
        await(store.close());
        assertArrayEquals(content, asQemuReads("ours.vhd"));
        assertTrue(qemuImg("info", "-f", "vpc", "ours.vhd").contains("12 MiB (" + SIZE + " bytes)"));
    }

    private void theStoreWritesIntoWhatQemuMakes(String subformat) throws Exception {
        Files.write(file("image"), content);
        String options = "subformat=" + subformat + ",force_size=on";
        qemuImg("convert", "-f", "raw", "-O", "vpc", "-o", options, "image", "theirs.vhd");
        Backstore store = open("theirs.vhd", 0, "dynamic");
        assertArrayEquals(content, read(store));
        byte[] more = new byte[8192];
        Arrays.fill(more, (byte) 7);
        for (int offset : new int[] {1024, (5 << 20) - 4096, (8 << 20) - 4096}) {
            System.arraycopy(more, 0, content, offset, more.length);
            write(store, content, offset, more.length);
        }
        assertArrayEquals(content, read(store));
        await(store.close());
        assertArrayEquals(content, asQemuReads("theirs.vhd"));
    }

    @Test
    public void qemuReadsADynamicDisk() throws Exception {
        qemuReadsWhatTheStoreWrites("dynamic");
    }

    @Test
    public void qemuReadsAFixedDisk() throws Exception {
        qemuReadsWhatTheStoreWrites("fixed");
    }

    @Test
    public void theStoreTakesOverADynamicDisk() throws Exception {
        theStoreWritesIntoWhatQemuMakes("dynamic");
    }

    @Test
    public void theStoreTakesOverAFixedDisk() throws Exception {
        theStoreWritesIntoWhatQemuMakes("fixed");
    }

    @Test
    public void qemuWritesIntoADynamicDisk() throws Exception {
        await(open("ours.vhd", SIZE, "dynamic").close());
        Files.write(file("image"), content);
        qemuImg("convert", "-n", "-f", "raw", "-O", "vpc", "image", "ours.vhd");
        Backstore store = open("ours.vhd", 0, "dynamic");
        assertArrayEquals(content, read(store));
        await(store.close());
    }

    @Test
    public void aDynamicDiskTakesSpaceAsItIsWritten() throws Exception {
        Backstore store = open("ours.vhd", 1L << 40, "dynamic");
        assertTrue(Files.size(file("ours.vhd")) < 4 << 20);
        AllocatedSpace space = store.ability(AllocatedSpace.class);
        assertEquals(0L, (long) await(space.allocatedBytes()));
        read(store, 0);
        assertEquals(0L, (long) await(space.allocatedBytes()));
        write(store, content, (2 << 20) - 1024, 4096);
        assertEquals(4L << 20, (long) await(space.allocatedBytes()));
        await(store.close());
        assertTrue(Files.size(file("ours.vhd")) < 8 << 20);
    }

    private static void read(Backstore store, long lba) throws Exception {
        await(store.read(lba, ByteBuffer.allocate(4 << 20)));
    }
}
