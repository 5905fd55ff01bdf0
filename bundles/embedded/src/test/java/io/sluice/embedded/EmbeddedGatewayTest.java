package io.sluice.embedded;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.GatewayStatus;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class EmbeddedGatewayTest {

    private static final String TARGET = "iqn.2026-11.com.example:disk";
    private static final int BLOCK = 512;
    private static final BlockGeometry GEOMETRY = new BlockGeometry(1024, BLOCK);
    private static final long END_MILLIS = 20_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final byte[] disk = new byte[(int) GEOMETRY.sizeBytes()];
    private InetSocketAddress portal;

    @Before
    public void findPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            portal = (InetSocketAddress) free.getLocalSocketAddress();
        }
    }

    /** A store that is an array. */
    private record ArrayStore(byte[] bytes, BlockGeometry geometry) implements Backstore {

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            destination.put(bytes, (int) lba * BLOCK, destination.remaining());
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            int at = (int) lba * BLOCK;
            for (ByteBuffer part : source) {
                int length = part.remaining();
                part.get(bytes, at, length);
                at += length;
            }
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

    private EmbeddedGateway.Builder gateway() {
        return EmbeddedGateway.builder().portal("127.0.0.1:" + portal.getPort());
    }

    private void serve(EmbeddedGateway gateway) throws ConfigException {
        gateway.serve(TARGET, GEOMETRY, (geometry, context) -> new ArrayStore(disk, geometry));
    }

    private TestInitiator login() throws IOException {
        TestInitiator initiator = TestInitiator.connect(portal).login(TARGET);
        initiator.execute(0, new byte[6], null, 0);
        return initiator;
    }

    private void writesAndReads(int value) throws IOException {
        byte[] written = new byte[8 * BLOCK];
        Arrays.fill(written, (byte) value);
        try (TestInitiator initiator = login()) {
            initiator.write10(0, 16, written, BLOCK);
            assertArrayEquals(written, initiator.read10(0, 16, 8, BLOCK));
            initiator.logout();
        }
        assertArrayEquals(written, Arrays.copyOfRange(disk, 16 * BLOCK, 24 * BLOCK));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("sluice"))
                .collect(Collectors.toSet());
    }

    /** Threads that are told to end need a moment. */
    private static void assertNoThreads() throws InterruptedException {
        long deadline = System.nanoTime() + END_MILLIS * 1_000_000;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours = thread.getName().startsWith("sluice")
                    || !thread.isDaemon() && thread.getName().contains("netty");
            if (ours) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            }
        }
        assertEquals(Set.of(), threads());
    }

    private void assertPortIsFree() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(portal);
        }
    }

    private static Set<Path> temporaryFolders() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(path -> path.getFileName().toString().matches("sluice\\d+"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    public void servesADiskAndLeavesNothing() throws Exception {
        Set<Path> before = temporaryFolders();
        for (int round = 1; round <= 3; round++) {
            try (EmbeddedGateway gateway = gateway().start()) {
                serve(gateway);
                writesAndReads(round);
                assertTrue(threads().size() > 1);
            }
            assertNoThreads();
            assertPortIsFree();
        }
        Set<Path> after = temporaryFolders();
        after.removeAll(before);
        assertEquals(Set.of(), after);
    }

    @Test
    public void sessionsAreManaged() throws Exception {
        try (EmbeddedGateway gateway = gateway().start()) {
            serve(gateway);
            TestInitiator initiator = login();
            gateway.management()
                    .closeSession(gateway.management().sessions().get(0).id());
            initiator.expectClosed();
        }
        assertNoThreads();
    }

    private BackstoreConfig served(EmbeddedGateway gateway) {
        return gateway.management().config().backstores().get(0);
    }

    @Test
    public void aFolderKeepsTheIdentityOfADisk() throws Exception {
        BackstoreConfig first;
        try (EmbeddedGateway gateway =
                gateway().folder(folder.getRoot().toPath()).start()) {
            serve(gateway);
            first = served(gateway);
            writesAndReads(1);
        }
        try (EmbeddedGateway gateway =
                gateway().folder(folder.getRoot().toPath()).start()) {
            serve(gateway);
            assertEquals(first, served(gateway));
            writesAndReads(2);
            ConfigException again = assertThrows(ConfigException.class, () -> serve(gateway));
            assertEquals("target " + TARGET + " is served already: choose another name", again.getMessage());
        }
        try (EmbeddedGateway gateway =
                gateway().folder(folder.getRoot().toPath()).start()) {
            BlockGeometry other = new BlockGeometry(2048, BLOCK);
            ConfigException refused = assertThrows(
                    ConfigException.class,
                    () -> gateway.serve(TARGET, other, (geometry, context) -> new ArrayStore(disk, geometry)));
            assertTrue(refused.getMessage(), refused.getMessage().contains("has 524288 bytes in blocks of 512"));
        }
    }

    @Test
    public void aStoreThatCouldNotBeOpenedIsServedByAnotherOne() throws Exception {
        try (EmbeddedGateway gateway =
                gateway().folder(folder.getRoot().toPath()).start()) {
            serve(gateway);
            writesAndReads(6);
        }
        try (EmbeddedGateway gateway =
                gateway().folder(folder.getRoot().toPath()).start()) {
            ConfigException refused = assertThrows(
                    ConfigException.class,
                    () -> gateway.serve(TARGET, GEOMETRY, (geometry, context) -> {
                        throw new BackstoreException(Fault.NOT_READY, "its file is locked");
                    }));
            assertTrue(refused.getMessage(), refused.getMessage().contains("its file is locked"));
            serve(gateway);
            writesAndReads(7);
        }
    }

    @Test
    public void severalDisks() throws Exception {
        try (EmbeddedGateway gateway = gateway().start()) {
            serve(gateway);
            byte[] second = new byte[disk.length];
            gateway.serve(TARGET + "2", GEOMETRY, (geometry, context) -> new ArrayStore(second, geometry));
            writesAndReads(3);
            assertArrayEquals(new byte[disk.length], second);
            GatewayStatus status = gateway.management().status();
            assertEquals(List.of(), status.problems());
        }
    }

    @Test
    public void aPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(portal);
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> gateway().start());
            assertTrue(refused.getMessage(), refused.getMessage().contains("the address is in use"));
        }
        assertNoThreads();
        try (EmbeddedGateway gateway = gateway().start()) {
            serve(gateway);
            writesAndReads(4);
        }
    }

    @Test
    public void aConfigurationThatCannotBeRead() throws Exception {
        Files.writeString(folder.getRoot().toPath().resolve("gateway.json"), "{");
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> gateway().folder(folder.getRoot().toPath()).start());
        assertTrue(refused.getMessage(), refused.getMessage().contains("gateway.json"));
        assertNoThreads();
    }

    @Test
    public void aFolderThatAnotherGatewayHas() throws Exception {
        Path shared = folder.getRoot().toPath();
        try (EmbeddedGateway gateway = gateway().folder(shared).start()) {
            ConfigException refused = assertThrows(
                    ConfigException.class, () -> gateway().folder(shared).start());
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("another gateway uses " + shared));
            serve(gateway);
            writesAndReads(5);
        }
    }
}
