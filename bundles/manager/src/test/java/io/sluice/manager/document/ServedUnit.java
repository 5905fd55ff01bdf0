package io.sluice.manager.document;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.target.CopyDomain;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A unit whose state is kept by files of a test, and an initiator that sends it commands. Its medium is not there. */
final class ServedUnit {

    static final String TARGET = "iqn.2026-11.io.sluice:served";

    private static final String HOST = "iqn.2026-11.io.sluice:host";
    private static final UnitIdentity IDENTITY = new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f809", "0123");

    private static final VolumeRuntime RUNTIME = new VolumeRuntime(Duration.ofSeconds(1), Runnable::run);
    private final ScsiTarget target = new ScsiTarget(TARGET);
    private final Nexus nexus;

    ServedUnit(FileCalls calls) throws Exception {
        UnitStateStore store = files(calls);
        UnitState state = store.load();
        Volume volume = new Volume("disk", new BlockGeometry(2048, 512, 4096), VolumeSettings.DEFAULTS, RUNTIME);
        UnitOptions options = new UnitOptions(true, false, false);
        target.map(0, new LogicalUnit(volume, IDENTITY, options, store, state, new CopyDomain()), false);
        nexus = target.open(new InitiatorPort(HOST, 1), new TargetPort(TARGET, 1, 1), NexusRights.ALL);
        send("03 00 00 00 fc 00", new byte[0]);
    }

    static UnitStateFiles files(FileCalls calls) {
        return new UnitStateFiles(
                new StateListing(SaverTrial.FOLDER.resolve("lib/state"), calls), IDENTITY.naa(), Runnable::run);
    }

    /** Returns a PERSISTENT RESERVE OUT parameter list (SPC-5 6.14.3). */
    static byte[] reserveOut(int key, int serviceActionKey, boolean persist) {
        return ByteBuffer.allocate(24)
                .putLong(key)
                .putLong(serviceActionKey)
                .put(20, (byte) (persist ? 1 : 0))
                .array();
    }

    /** @throws IOException if the command does not end with GOOD before the call returns */
    ServedUnit send(String cdb, byte[] data) throws IOException {
        Command command = new Command(HexFormat.ofDelimiter(" ").parseHex(cdb), data);
        target.execute(command);
        if (command.status != Status.GOOD) {
            throw new IOException(cdb + " ended with " + command.status + " "
                    + (command.sense == null ? "" : HexFormat.of().formatHex(command.sense)));
        }
        return this;
    }

    /** A command as a transport would bring it. */
    private final class Command implements Task {

        private final byte[] cdb;
        private final byte[] dataOut;
        private Status status;
        private byte[] sense;

        Command(byte[] cdb, byte[] dataOut) {
            this.cdb = Arrays.copyOf(cdb, 16);
            this.dataOut = dataOut;
        }

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
            return cdb;
        }

        @Override
        public TaskAttribute attribute() {
            return TaskAttribute.SIMPLE;
        }

        @Override
        public long dataOutLength() {
            return dataOut.length;
        }

        @Override
        public long dataInLength() {
            return dataOut.length == 0 ? 4096 : 0;
        }

        @Override
        public ByteBuffer dataInBuffer(int length) {
            return ByteBuffer.allocate(length);
        }

        @Override
        public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
            return CompletableFuture.completedFuture(new ByteBuffer[] {ByteBuffer.wrap(dataOut, 0, length)});
        }

        @Override
        public void cancelDataOut() {}

        @Override
        public void complete(Status end, byte[] senseData, long transferLength) {
            status = end;
            sense = senseData;
        }

        @Override
        public void aborted() {}
    }
}
