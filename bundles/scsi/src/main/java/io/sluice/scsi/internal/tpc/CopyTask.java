package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.LunMapping;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A READ(16) or WRITE(16) that the copy manager sends to a logical unit on behalf of an initiator, through a nexus of it that sees the unit, so that a copy is held
 * to everything that the initiator's own command would be: reservations, write protection, ranges, atomic commands.
 */
final class CopyTask implements Task {

    private static final int READ_16 = 0x88;
    private static final int WRITE_16 = 0x8A;

    private static final int WRITE_SAME_16 = 0x93;
    private static final int NDOB = 0x01;
    private static final int UNMAP = 0x08;

    private final Execution command;
    private final Nexus nexus;
    private final byte[] cdb = new byte[16];
    private final ByteBuffer data;
    private final boolean reads;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    private CopyTask(Execution command, Nexus nexus, boolean reads, long lba, long blocks, ByteBuffer data) {
        this.command = command;
        this.nexus = nexus;
        this.reads = reads;
        this.data = data;
        cdb[0] = (byte) (reads ? READ_16 : WRITE_16);
        Bytes.put64(cdb, 2, lba);
        Bytes.put32(cdb, 10, blocks);
    }

    /** Says with what a task ended that did not end with GOOD status. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Status status;
        private final transient byte[] sense;

        FailedException(Status status, byte[] sense) {
            super(status.name(), null, false, false);
            this.status = status;
            this.sense = sense;
        }

        Status status() {
            return status;
        }

        byte[] sense() {
            return sense;
        }
    }

    /**
     * Reads blocks into a buffer from its position; fails with {@link FailedException}.
     *
     * @param command the copying command, whose memory the buffer is
     * @param era when the copy began, by that of the unit
     * @param begun is given what aborts it
     */
    static CompletionStage<Void> read(
            Execution command,
            LunMapping from,
            short era,
            long lba,
            long blocks,
            ByteBuffer into,
            Consumer<Runnable> begun) {
        return send(from, era, begun, new CopyTask(command, from.nexus(), true, lba, blocks, into.slice()));
    }

    /** Writes blocks from a buffer's remaining bytes, as {@link #read}. */
    static CompletionStage<Void> write(
            Execution command,
            LunMapping to,
            short era,
            long lba,
            long blocks,
            ByteBuffer from,
            Consumer<Runnable> begun) {
        return send(to, era, begun, new CopyTask(command, to.nexus(), false, lba, blocks, from.slice()));
    }

    /** Makes blocks zeros, and gives them back where that can be, as {@link #read}. */
    static CompletionStage<Void> zero(
            Execution command, LunMapping to, short era, long lba, long blocks, Consumer<Runnable> begun) {
        CopyTask task = new CopyTask(command, to.nexus(), false, lba, blocks, ByteBuffer.allocate(0));
        task.cdb[0] = (byte) WRITE_SAME_16;
        task.cdb[1] = (byte) (NDOB | (to.unit().provisioned() ? UNMAP : 0));
        return send(to, era, begun, task);
    }

    private static CompletionStage<Void> send(LunMapping to, short era, Consumer<Runnable> begun, CopyTask task) {
        begun.accept(to.server().executeInternally(task, to, era, true));
        return task.result;
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
        return reads ? 0 : data.remaining();
    }

    @Override
    public long dataInLength() {
        return reads ? data.remaining() : 0;
    }

    @Override
    public ByteBuffer dataInBuffer(int length) {
        return data.slice(0, length);
    }

    @Override
    public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
        return CompletableFuture.completedFuture(new ByteBuffer[] {data.slice(0, length)});
    }

    @Override
    public void cancelDataOut() {
        // All data is there from the beginning.
    }

    /** The buffer is the copying command's, which ends with this or goes on without being seen. */
    @Override
    public void keepBuffers() {
        command.keepBuffers();
    }

    @Override
    public void releaseBuffers() {
        command.releaseBuffers();
    }

    @Override
    public void complete(Status status, byte[] sense, long transferLength) {
        if (status == Status.GOOD) {
            result.complete(null);
        } else {
            result.completeExceptionally(new FailedException(status, sense));
        }
    }

    @Override
    public void aborted() {
        result.completeExceptionally(new FailedException(Status.TASK_ABORTED, new byte[0]));
    }
}
