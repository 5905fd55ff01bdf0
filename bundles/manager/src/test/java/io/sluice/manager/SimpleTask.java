package io.sluice.manager;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A command, at LUN 0 if nothing else is said, whose data is there, and what it has ended with. */
final class SimpleTask implements Task {

    private static final int ROOM = 4096;

    private final Nexus nexus;
    private final long lun;
    private final byte[] cdb;
    private final byte[] dataOut;
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private ByteBuffer dataIn = ByteBuffer.allocate(0);

    SimpleTask(Nexus nexus, String cdb, byte[] dataOut) {
        this(nexus, 0, cdb, dataOut);
    }

    SimpleTask(Nexus nexus, int lun, String cdb, byte[] dataOut) {
        this.nexus = nexus;
        this.lun = (long) lun << 48;
        this.cdb = Arrays.copyOf(HexFormat.ofDelimiter(" ").parseHex(cdb), 16);
        this.dataOut = dataOut;
    }

    /** Waits for the status, with key, code and qualifier of the sense data as in {@code CHECK_CONDITION 02040B}. */
    String end() throws Exception {
        return end.get(30, TimeUnit.SECONDS);
    }

    boolean ended() {
        return end.isDone();
    }

    byte[] data() throws Exception {
        end();
        return dataIn.array();
    }

    @Override
    public Nexus nexus() {
        return nexus;
    }

    @Override
    public long lun() {
        return lun;
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
        return ROOM;
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
    public void complete(Status status, byte[] sense, long transferLength) {
        end.complete(
                sense.length == 0
                        ? status.name()
                        : String.format("%s %02X%02X%02X", status, sense[2], sense[12], sense[13]));
    }

    @Override
    public void aborted() {
        end.complete("aborted");
    }
}
