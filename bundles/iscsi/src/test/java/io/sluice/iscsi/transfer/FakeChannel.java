package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.scsi.Status;
import java.util.ArrayList;
import java.util.List;

/** A connection without a socket, which keeps what is written to it. */
final class FakeChannel implements TransferChannel {

    static final NegotiatedParameters PARAMETERS =
            new NegotiatedParameters(false, false, 64, 64, 1024, 1024, true, true, 1, 2, 0, 0, 1);

    final List<TargetPdu> written = new ArrayList<>();
    final List<Runnable> posted = new ArrayList<>();
    boolean onEventLoop = true;
    long released;
    long unaskedLeft = 4096;
    int pieces;
    int ended;
    int ending;
    int endingWhenWritten;
    private int lastTag;

    void runPosted() {
        onEventLoop = true;
        posted.forEach(Runnable::run);
        posted.clear();
    }

    @Override
    public boolean inEventLoop() {
        return onEventLoop;
    }

    @Override
    public void execute(Runnable action) {
        posted.add(action);
    }

    @Override
    public ByteBuf allocate(int length) {
        return Unpooled.directBuffer(length);
    }

    @Override
    public boolean sendsFromFile(int length) {
        return true;
    }

    @Override
    public NegotiatedParameters parameters() {
        return PARAMETERS;
    }

    @Override
    public void write(TargetPdu pdu, Sent whenSent) {
        written.add(pdu);
        endingWhenWritten = ending;
    }

    @Override
    public void writeTogether(List<DataInPdu> pdus, Sent whenSent) {
        pieces++;
        pdus.forEach(pdu -> write(pdu, null));
    }

    @Override
    public int nextTransferTag() {
        return ++lastTag;
    }

    @Override
    public boolean reserve(long bytes, Runnable granted) {
        return true;
    }

    @Override
    public void release(long bytes) {
        released += bytes;
    }

    @Override
    public void withdraw(Runnable granted) {
        throw new AssertionError("nothing waits");
    }

    @Override
    public boolean takeUnasked(long bytes) {
        if (bytes > unaskedLeft) {
            return false;
        }
        unaskedLeft -= bytes;
        return true;
    }

    @Override
    public void releaseUnasked(long bytes) {
        released += bytes;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean holdsBack(IscsiTask task, Status status, byte[] sense) {
        return false;
    }

    @Override
    public void ending() {
        ending++;
    }

    @Override
    public void ended(IscsiTask task) {
        ended++;
    }
}
