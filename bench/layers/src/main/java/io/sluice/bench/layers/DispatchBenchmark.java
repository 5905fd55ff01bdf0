package io.sluice.bench.layers;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.discard.NullBackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.scsi.target.TargetUnavailableException;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Commands from the transport through the engine to a store that does nothing, and their end. */
@State(Scope.Thread)
public class DispatchBenchmark extends LayerBenchmark {

    private static final int BLOCK = 512;
    private static final int BYTES = 4096;

    /** A command and its CDB. */
    public enum Command {
        TEST_UNIT_READY("00000000000000000000000000000000", false),
        READ_16("88000000000000001000000000080000", false),
        WRITE_16("8a000000000000001000000000080000", true);

        private final byte[] cdb;
        private final boolean writes;

        Command(String cdb, boolean writes) {
            this.cdb = HexFormat.of().parseHex(cdb);
            this.writes = writes;
        }
    }

    /** What is performed. */
    @Param
    public Command command;

    private final ByteBuffer dataIn = ByteBuffer.allocateDirect(BYTES);
    private final CompletionStage<ByteBuffer[]> dataOut =
            CompletableFuture.completedFuture(new ByteBuffer[] {ByteBuffer.allocateDirect(BYTES)});
    private final ScsiTarget target = new ScsiTarget("iqn.2026-11.io.sluice:bench");
    private Nexus nexus;

    /** Makes a target with one unit. */
    @Setup(Level.Trial)
    public void setUp() throws TargetUnavailableException {
        BackstoreConfig config = BackstoreConfig.builder("bench", "null")
                .sizeBytes(1L << 30)
                .blockSize(BLOCK)
                .build();
        StoreContext context = new StoreContext(new StoreThreads(), config.name(), config.options(), event -> {});
        Volume volume = new Volume(
                config.name(),
                new BlockGeometry((1L << 30) / BLOCK, BLOCK),
                VolumeSettings.DEFAULTS,
                new VolumeRuntime());
        LogicalUnit unit = new LogicalUnit(volume, config.identity(), new UnitOptions(false, false, false));
        new NullBackstoreProvider()
                .open(config, context)
                .thenCompose(volume::attach)
                .toCompletableFuture()
                .join();
        target.map(0, unit, false);
        nexus = target.open(
                new InitiatorPort("iqn.2026-11.io.sluice:client", 1),
                new TargetPort(target.name(), 1, 1),
                NexusRights.ALL);
        perform();
    }

    /** Performs one command; its unit attention was taken by the set-up. */
    @Benchmark
    public Status perform() {
        Request request = new Request();
        target.execute(request);
        return request.status;
    }

    /** Stands for the transport: has its buffers and ends at once. */
    private final class Request implements Task {

        private Status status;

        @Override
        public Nexus nexus() {
            return nexus;
        }

        @Override
        public long lun() {
            return 0;
        }

        @Override
        public byte[] cdb() {
            return command.cdb;
        }

        @Override
        public TaskAttribute attribute() {
            return TaskAttribute.SIMPLE;
        }

        @Override
        public long dataOutLength() {
            return command.writes ? BYTES : 0;
        }

        @Override
        public long dataInLength() {
            return command.writes ? 0 : BYTES;
        }

        @Override
        public ByteBuffer dataInBuffer(int length) {
            return dataIn.clear();
        }

        @Override
        public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
            return dataOut;
        }

        @Override
        public void cancelDataOut() {
            throw new IllegalStateException("nobody aborts here");
        }

        @Override
        public void complete(Status endStatus, byte[] sense, long transferLength) {
            status = endStatus;
        }

        @Override
        public void aborted() {
            throw new IllegalStateException("nobody aborts here");
        }
    }
}
