package io.sluice.scsi.history;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A task that takes the tick of its end in the thread that brings it. */
final class RecordedTask implements Task {

    private static final int FIXED_KEY = 2;

    final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Nexus nexus;
    private final byte[] cdb;
    private final byte[] dataOut;
    private final AtomicLong clock;
    private ByteBuffer dataIn = ByteBuffer.allocate(0);
    private long endTick;
    private Status status = Status.TASK_ABORTED;
    private int senseKey;

    RecordedTask(Nexus nexus, byte[] cdb, byte[] dataOut, AtomicLong clock) {
        this.nexus = nexus;
        this.cdb = cdb;
        this.dataOut = dataOut;
        this.clock = clock;
    }

    /** Returns when it ended; of a task that has. */
    long endTick() {
        return endTick;
    }

    boolean isGood() {
        return status == Status.GOOD;
    }

    /** Returns the sense key, 0 without sense data. */
    int senseKey() {
        return senseKey;
    }

    byte[] data() {
        return dataIn.array();
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
        return dataOut.length == 0 ? 1 << 20 : 0;
    }

    @Override
    public ByteBuffer dataInBuffer(int length) {
        dataIn = ByteBuffer.allocate(length);
        return dataIn;
    }

    @Override
    public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
        return CompletableFuture.completedFuture(new ByteBuffer[] {ByteBuffer.wrap(dataOut, 0, length)});
    }

    @Override
    public void cancelDataOut() {
        // All data is there from the beginning.
    }

    @Override
    public void complete(Status endStatus, byte[] sense, long transferLength) {
        status = endStatus;
        senseKey = sense.length == 0 ? 0 : sense[FIXED_KEY] & 0x0F;
        ended();
    }

    @Override
    public void aborted() {
        ended();
    }

    private void ended() {
        endTick = clock.incrementAndGet();
        end.complete(null);
    }
}
