package io.sluice.scsi;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.target.CopyDomain;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.scsi.target.TargetUnavailableException;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** A target with one unit at LUN 0, and an initiator that has taken note of its first unit attention. */
public final class TestUnit {

    public static final String TARGET = "iqn.2026-11.io.sluice:test";
    public static final UnitIdentity IDENTITY =
            new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f809", "0123456789abcdef");

    private static final VolumeRuntime RUNTIME = new VolumeRuntime(Duration.ofMillis(50), Runnable::run);
    private static final VolumeSettings IMPATIENT = new VolumeSettings(Duration.ZERO, 0, Duration.ofSeconds(30));

    public final ScsiTarget target = new ScsiTarget(TARGET);
    public final HeapBackstore store;
    public final MemoryStateStore state;
    public final CopyDomain copyDomain = new CopyDomain();
    private final UnitOptions options;
    public final LogicalUnit unit;
    public final Nexus nexus;
    private final int blockSize;

    private TestUnit(BlockGeometry geometry, UnitOptions options) {
        this(new HeapBackstore(geometry), options, new MemoryStateStore());
    }

    private TestUnit(HeapBackstore store, UnitOptions options, MemoryStateStore state) {
        this(volume("unit", store.geometry()), store, options, state);
    }

    private TestUnit(Volume volume, HeapBackstore store, UnitOptions options, MemoryStateStore state) {
        BlockGeometry geometry = store.geometry();
        this.store = store;
        this.state = state;
        this.options = options;
        blockSize = geometry.blockSize();
        unit = new LogicalUnit(volume, IDENTITY, options, state, state.load(), copyDomain);
        attach();
        target.map(0, unit, false);
        nexus = newNexus(1);
    }

    /** Makes a volume whose operations do not wait for a store that is away, and whose events come at once. */
    public static Volume volume(String name, BlockGeometry geometry) {
        return new Volume(name, geometry, IMPATIENT, RUNTIME);
    }

    /** Another unit that copies may go to and come from. */
    public LogicalUnit another(String name, char lastDigit, HeapBackstore itsStore) {
        UnitIdentity identity = new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f8a" + lastDigit, name);
        LogicalUnit other = new LogicalUnit(
                volume(name, itsStore.geometry()),
                identity,
                new UnitOptions(true, false, false),
                UnitStateStore.NONE,
                UnitState.NEW,
                copyDomain);
        other.volume().attach(itsStore).toCompletableFuture().join();
        return other;
    }

    public void attach() {
        unit.volume().attach(store).toCompletableFuture().join();
    }

    public CompletableFuture<Void> detach() {
        return unit.volume().detach("on purpose").toCompletableFuture();
    }

    /** A unit whose store is given up when it does not answer in time. */
    public static TestUnit withDeadline(Duration deadline) {
        HeapBackstore store = new HeapBackstore(new BlockGeometry(2048, 512, 4096));
        Volume volume = new Volume("unit", store.geometry(), new VolumeSettings(Duration.ZERO, 0, deadline), RUNTIME);
        return new TestUnit(volume, store, new UnitOptions(true, false, false), new MemoryStateStore());
    }

    /** A unit whose operations wait for a store that is away. */
    public static TestUnit patient(BlockGeometry geometry) {
        VolumeSettings settings = new VolumeSettings(Duration.ofMinutes(1), 16, Duration.ofMinutes(1));
        Volume volume = new Volume("unit", geometry, settings, RUNTIME);
        UnitOptions thin = new UnitOptions(true, false, false);
        return new TestUnit(volume, new HeapBackstore(geometry), thin, new MemoryStateStore());
    }

    public static TestUnit thin() {
        return with(new UnitOptions(true, false, false));
    }

    public static TestUnit with(UnitOptions options) {
        return new TestUnit(new BlockGeometry(2048, 512, 4096), options);
    }

    public static TestUnit with(BlockGeometry geometry) {
        return new TestUnit(geometry, new UnitOptions(true, false, false));
    }

    /** The same unit as after the process was killed: what was saved is there, and nothing else. */
    public TestUnit restarted() {
        return new TestUnit(store, options, state);
    }

    /** Logs another initiator in and clears its first unit attention. */
    public Nexus newNexus(int isid) {
        Nexus fresh = open(isid);
        run(fresh, "00 00 00 00 00 00").expectSense(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        return fresh;
    }

    /** Logs another initiator in while the task set is busy: its unit attention is cleared by REQUEST SENSE. */
    public Nexus newNexusDuring(int isid) {
        Nexus fresh = open(isid);
        run(fresh, "03 00 00 00 fc 00").expectGood();
        return fresh;
    }

    public Nexus open(int isid) {
        return open("iqn.2026-11.io.sluice:initiator", isid);
    }

    public Nexus open(String initiator, int isid) {
        try {
            return target.open(new InitiatorPort(initiator, isid), new TargetPort(TARGET, 1, 1), NexusRights.ALL);
        } catch (TargetUnavailableException refused) {
            throw new AssertionError(refused);
        }
    }

    public TestTask run(String cdb) {
        return run(nexus, cdb);
    }

    public TestTask run(Nexus from, String cdb) {
        return send(task(from, cdb, new byte[0], 1 << 20));
    }

    public TestTask write(String cdb, byte[] data) {
        return write(nexus, cdb, data);
    }

    public TestTask write(Nexus from, String cdb, byte[] data) {
        return send(task(from, cdb, data, 0));
    }

    public TestTask task(Nexus from, String cdb, byte[] dataOut, long dataInLength) {
        return new TestTask(from, 0, HexFormat.ofDelimiter(" ").parseHex(cdb), dataOut, dataInLength);
    }

    public TestTask send(TestTask task) {
        target.execute(task);
        return task;
    }

    public TestTask read10(long lba, int blocks) {
        return run(String.format("28 00 %s 00 %s 00", hex(lba, 4), hex(blocks, 2)));
    }

    public TestTask write10(long lba, byte[] data) {
        return write(String.format("2a 00 %s 00 %s 00", hex(lba, 4), hex(data.length / blockSize, 2)), data);
    }

    public TestTask testUnitReady() {
        return run("00 00 00 00 00 00");
    }

    /** Returns blocks filled with a value that differs from block to block. */
    public byte[] pattern(int blocks, int seed) {
        byte[] data = new byte[blocks * blockSize];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (seed + i / blockSize + i * 7);
        }
        return data;
    }

    /** Returns a big-endian field as the CDB texts have it. */
    public static String hex(long value, int bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = bytes - 1; i >= 0; i--) {
            text.append(text.length() == 0 ? "" : " ").append(String.format("%02x", value >>> (8 * i) & 0xFF));
        }
        return text.toString();
    }
}
