package io.sluice.bench.layers;

import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.discard.NullBackstoreProvider;
import io.sluice.backstore.file.FileBackstoreProvider;
import io.sluice.backstore.memory.MemoryBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.portal.IscsiServer;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What a request takes from the heap in all threads of the gateway, from the socket to the store and back. Unlike a time it
 * can be counted, so a limit that is a little above what was measured catches every change for the worse.
 */
public class HeapPerRequestTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:bench";
    private static final int BLOCK = 512;
    private static final int SMALL = 8;
    /** Of this length the kernel sends what is in the page cache. */
    private static final int LARGE = 512;

    private static final long SIZE = 64L << 20;
    private static final int DEPTH = 32;
    /** Blocks of a round; with the first rounds the code is compiled. */
    private static final int ROUND_BLOCKS = 80_000;

    private static final int ROUNDS = 12;
    /** Beside others the compiler is late: so many rounds it is waited for. */
    private static final int MOST_ROUNDS = 200;

    /** One PDU brings all of a read. */
    private static final Map<String, String> WHOLE = Map.of("MaxRecvDataSegmentLength", "262144");

    /** No request may take more, whatever it was: a thread writes to a file, which takes objects to hand the write over. */
    private static final long AGREED = 1280;
    /** What a change may add to what was measured before it. */
    private static final double TOLERANCE = 1.15;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void readsOfNothing() throws Exception {
        check(new NullBackstoreProvider(), Map.of(), SMALL, false, 661);
    }

    @Test
    public void writesToNothing() throws Exception {
        check(new NullBackstoreProvider(), Map.of(), SMALL, true, 901);
    }

    @Test
    public void readsOfMemory() throws Exception {
        check(new MemoryBackstoreProvider(), Map.of(), SMALL, false, 687);
    }

    @Test
    public void writesToMemory() throws Exception {
        check(new MemoryBackstoreProvider(), Map.of(), SMALL, true, 980);
    }

    @Test
    public void readsOfACachedFile() throws Exception {
        check(new FileBackstoreProvider(), file(), SMALL, false, 669);
    }

    @Test
    public void writesToACachedFile() throws Exception {
        check(new FileBackstoreProvider(), file(), SMALL, true, 1170);
    }

    @Test
    public void largeReadsOfACachedFile() throws Exception {
        check(new FileBackstoreProvider(), file(), LARGE, false, 640);
    }

    private Map<String, String> file() {
        System.setProperty("sluice.volumes", folder.getRoot().toString());
        return Map.of("path", "disk.img");
    }

    private void check(
            BackstoreProvider provider, Map<String, String> options, int blocks, boolean writes, int measured)
            throws Exception {
        BackstoreConfig asked = BackstoreConfig.builder("bench", provider.type())
                .sizeBytes(SIZE)
                .blockSize(BLOCK)
                .options(options)
                .build();
        ScsiTarget target = new ScsiTarget(TARGET);
        try (StoreContext context = new StoreContext(new StoreThreads(), "bench", options, event -> {});
                VolumeRuntime runtime = new VolumeRuntime();
                IscsiServer server = new IscsiServer(ServerSettings.DEFAULTS, OpenAccess.to(TARGET))) {
            BackstoreConfig config =
                    provider.create(asked, context).toCompletableFuture().join();
            Volume volume =
                    new Volume("bench", new BlockGeometry(SIZE / BLOCK, BLOCK), VolumeSettings.DEFAULTS, runtime);
            LogicalUnit unit = new LogicalUnit(volume, config.identity(), new UnitOptions(false, false, false));
            provider.open(config, context)
                    .thenCompose(volume::attach)
                    .toCompletableFuture()
                    .join();
            target.map(0, unit, false);
            server.addTarget(target);
            InetSocketAddress portal = new InetSocketAddress("127.0.0.1", freePort());
            server.listen(new PortalConfig(portal.getHostString(), portal.getPort()));
            try (TestInitiator initiator = TestInitiator.connect(portal).login(TARGET, WHOLE)) {
                initiator.execute(0, new byte[6], null, 0).expectSense(0x062900);
                long limit = Math.min(AGREED, Math.round(measured * TOLERANCE));
                long least = Long.MAX_VALUE;
                for (int round = 0; round < ROUNDS || round < MOST_ROUNDS && least > limit; round++) {
                    least = Math.min(least, bytesPerRequest(initiator, blocks, writes));
                }
                System.out.println("heap a request: " + least + " bytes of " + limit);
                assertTrue(least + " bytes of heap for each request, " + limit + " are allowed", least <= limit);
            }
            volume.close().toCompletableFuture().join();
        }
    }

    private long bytesPerRequest(TestInitiator initiator, int blocks, boolean writes) throws IOException {
        int requests = Math.max(20, ROUND_BLOCKS / blocks / DEPTH) * DEPTH;
        long before = allocated();
        for (int done = 0; done < requests; done += DEPTH) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            for (int i = 0; i < DEPTH; i++) {
                int lba = (done + i) % (8_000 / blocks) * blocks;
                batch.writeBytes(request(initiator, lba, blocks, writes).toBytes());
            }
            initiator.sendBytes(batch.toByteArray());
            for (int ended = 0; ended < DEPTH; ended++) {
                RawPdu status = initiator.receive();
                assertTrue(status.toString(), status.int8(3) == 0);
            }
        }
        return (allocated() - before) / requests;
    }

    private static RawPdu request(TestInitiator initiator, int lba, int blocks, boolean writes) {
        int bytes = blocks * BLOCK;
        return writes
                ? initiator.command(0, Cdb.write10(lba, blocks), bytes, 0).data(new byte[bytes])
                : initiator.command(0, Cdb.read10(lba, blocks), 0, bytes);
    }

    private long allocated() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sluice-"))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
                .sum();
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            return probe.getLocalPort();
        }
    }
}
