package io.sluice.scsi;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A task as a transport would bring it, with what became of it; reads as a trace: {@code unit.run(cdb).expectGood()}. */
public final class TestTask implements Task {

    private final Nexus nexus;
    private final long lun;
    private final byte[] cdb;
    private final byte[] dataOut;
    private final long dataInLength;
    private TaskAttribute attribute = TaskAttribute.SIMPLE;
    private final CompletableFuture<ByteBuffer[]> receiving = new CompletableFuture<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private boolean dataHeld;
    private int received;
    private ByteBuffer dataIn = ByteBuffer.allocate(0);
    private Status status;
    private byte[] sense;
    private long transferLength;
    private boolean aborted;
    private volatile int kept;
    private volatile int keeps;
    private int looks;
    private boolean poor;
    private int scratches;
    public Runnable onThirdLookAtNexus = () -> {};

    public TestTask(Nexus nexus, long lun, byte[] cdb, byte[] dataOut, long dataInLength) {
        this.nexus = nexus;
        this.lun = lun;
        this.cdb = Arrays.copyOf(cdb, Math.max(16, cdb.length));
        this.dataOut = dataOut;
        this.dataInLength = dataInLength;
    }

    /** The Data-Out will not arrive before {@link #deliver}. */
    public TestTask holdData() {
        dataHeld = true;
        return this;
    }

    /** The transport has no memory to spare. */
    public TestTask poor() {
        poor = true;
        return this;
    }

    @Override
    public ByteBuffer scratch(int length) {
        assertEquals("scratch is called once", 1, ++scratches);
        assertFalse("before the end", ended());
        return poor ? null : ByteBuffer.wrap(dirty(length));
    }

    private static byte[] dirty(int length) {
        byte[] stale = new byte[length];
        Arrays.fill(stale, (byte) 0xEE);
        return stale;
    }

    public void deliver() {
        receiving.complete(halves(received));
    }

    /** Data comes in two pieces, so that nothing relies on one buffer. */
    private ByteBuffer[] halves(int length) {
        int middle = length / 2 + 1;
        return new ByteBuffer[] {
            ByteBuffer.wrap(dataOut, 0, Math.min(middle, length)).slice(),
            ByteBuffer.wrap(dataOut, Math.min(middle, length), Math.max(0, length - middle))
                    .slice()
        };
    }

    @Override
    public Nexus nexus() {
        if (++looks == 3) {
            onThirdLookAtNexus.run();
        }
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
        return attribute;
    }

    public TestTask with(TaskAttribute other) {
        attribute = other;
        return this;
    }

    @Override
    public long dataOutLength() {
        return dataOut.length;
    }

    @Override
    public long dataInLength() {
        return dataInLength;
    }

    @Override
    public ByteBuffer dataInBuffer(int length) {
        assertEquals("dataInBuffer is called once", 0, dataIn.capacity());
        dataIn = ByteBuffer.wrap(dirty(length));
        return dataIn;
    }

    @Override
    public CompletionStage<ByteBuffer[]> receiveDataOut(int length) {
        assertTrue("wants " + length + " of " + dataOut.length, length > 0 && length <= dataOut.length);
        received = length;
        return dataHeld ? receiving : CompletableFuture.completedFuture(halves(length));
    }

    @Override
    public void cancelDataOut() {
        receiving.completeExceptionally(new CancellationException());
    }

    @Override
    public void complete(Status endStatus, byte[] endSense, long endTransferLength) {
        assertFalse("ends once", ended());
        status = endStatus;
        sense = endSense;
        transferLength = endTransferLength;
        end.complete(null);
    }

    @Override
    public void aborted() {
        assertFalse("ends once", ended());
        aborted = true;
        end.complete(null);
    }

    @Override
    public synchronized void keepBuffers() {
        assertTrue("before the end, or while they are kept", !ended() || kept > 0);
        kept++;
        keeps++;
    }

    @Override
    public synchronized void releaseBuffers() {
        kept--;
    }

    /** Returns how often the buffers were to be kept. */
    public int keeps() {
        return keeps;
    }

    /** Waits until they are kept so often and no more. */
    public void awaitKept(int expected) {
        while (kept != expected) {
            Thread.onSpinWait();
        }
    }

    public TestTask expectKept(int expected) {
        assertEquals("buffers are kept", expected, kept);
        return this;
    }

    /** Waits for the end, which another thread may bring. */
    public TestTask await() {
        end.join();
        return this;
    }

    /** As {@link #await}, and fails if the end does not come in time. */
    public TestTask await(Duration atMost) {
        end.copy().orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS).join();
        return this;
    }

    /** Returns whether its Data-Out was asked for. */
    public boolean dataAsked() {
        return received > 0;
    }

    public boolean ended() {
        return status != null || aborted;
    }

    public TestTask expectRunning() {
        assertFalse("still runs", ended());
        return this;
    }

    public TestTask expectAborted() {
        assertTrue("aborted", aborted);
        return this;
    }

    public TestTask expectStatus(Status expected) {
        assertEquals(describe(), expected, status);
        return this;
    }

    public Status status() {
        return status;
    }

    public TestTask expectGood() {
        assertEquals(describe(), Status.GOOD, status);
        return this;
    }

    public TestTask expectGood(byte[] data) {
        expectGood();
        assertArrayEquals(data, data());
        return this;
    }

    public TestTask expectTransfer(long length) {
        assertEquals(length, transferLength);
        return this;
    }

    /** Expects CHECK CONDITION with fixed-format sense data. */
    public TestTask expectSense(Sense expected) {
        assertEquals(describe(), Status.CHECK_CONDITION, status);
        assertEquals(describe(), expected.key().code(), sense[2] & 0x0F);
        assertEquals(describe(), expected.additionalSenseCode(), sense[12] & 0xFF);
        assertEquals(describe(), expected.qualifier(), sense[13] & 0xFF);
        return this;
    }

    public TestTask expectField(int byteOffset, int bit) {
        assertEquals(0xC0 | (bit >= 0 ? 0x08 | bit : 0), sense[15] & 0xFF);
        assertEquals(byteOffset, ByteBuffer.wrap(sense).getShort(16));
        return this;
    }

    /** Expects a pointer to a byte of the parameter list. */
    public TestTask expectParameter(int byteOffset) {
        assertEquals(0x80, sense[15] & 0xFF);
        assertEquals(byteOffset, ByteBuffer.wrap(sense).getShort(16));
        return this;
    }

    public TestTask expectInformation(long information) {
        assertEquals(0xF0, sense[0] & 0xFF);
        assertEquals(information, ByteBuffer.wrap(sense).getInt(3) & 0xFFFF_FFFFL);
        return this;
    }

    public byte[] sense() {
        return sense;
    }

    /** What the initiator gets: no more than it takes. */
    public byte[] data() {
        return Arrays.copyOf(dataIn.array(), (int) Math.min(dataIn.capacity(), dataInLength));
    }

    private String describe() {
        String bytes = sense == null ? "" : java.util.HexFormat.ofDelimiter(" ").formatHex(sense);
        return "status " + status + " sense " + bytes;
    }
}
