package io.sluice.scsi.fuzz;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Commands with their parameter lists, up to {@value #MOST} of them one after the other against a new unit. Each is 16 bytes of
 * CDB, one byte that chooses the nexus, two of the length of the Data-Out, and that. Each has to end, with its buffers given
 * back, and the unit has to answer afterwards.
 */
public final class CommandFuzz {

    private static final int MOST = 8;
    private static final int CDB_BYTES = 16;
    private static final int HEADER_BYTES = CDB_BYTES + 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int DATA_IN_BYTES = 1 << 16;

    private CommandFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        TestUnit unit = TestUnit.with(new BlockGeometry(128, 512, 4096));
        Nexus[] nexuses = {unit.nexus, unit.newNexus(2)};
        ByteBuffer in = ByteBuffer.wrap(data);
        for (int i = 0; i < MOST && in.remaining() >= HEADER_BYTES; i++) {
            byte[] cdb = new byte[CDB_BYTES];
            in.get(cdb);
            Nexus nexus = nexuses[in.get() & 1];
            byte[] dataOut = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining())];
            in.get(dataOut);
            requireEnd(unit.send(new TestTask(nexus, 0, cdb, dataOut, DATA_IN_BYTES)));
        }
        requireEnd(unit.run("12 00 00 00 24 00").expectStatus(Status.GOOD));
    }

    /** Copies go on on threads of their own. */
    private static void requireEnd(TestTask task) {
        task.await(PATIENCE).expectKept(0);
    }
}
