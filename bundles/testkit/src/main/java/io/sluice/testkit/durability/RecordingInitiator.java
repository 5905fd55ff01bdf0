package io.sluice.testkit.durability;

import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * A session with one command under way that does at random what a {@link Mix} says, and tells a {@link DiskModel} of each
 * command when it is sent and when it has ended. What it reads from blocks of its own has to be what was answered last. It
 * belongs to the thread that runs it.
 */
public final class RecordingInitiator {

    private static final int GOOD = 0x00;
    private static final int CHECK_CONDITION = 0x02;
    private static final int TASK_ABORTED = 0x40;
    private static final int ILLEGAL_REQUEST = 0x5;
    private static final int UNIT_ATTENTION = 0x6;
    private static final int MISCOMPARE = 0xE;
    private static final int INVALID_OPCODE = 0x052000;
    private static final int INVALID_FIELD = 0x052400;

    /** So that little is sent between two fences, and the model stays small. */
    private static final int COMMANDS_WITHOUT_FLUSH = 64;

    private static final int SHARED_ONE_IN = 8;
    private static final int ALIGNED_TO_BLOCKS = 8;

    private final TestInitiator initiator;
    private final DiskModel model;
    private final long lun;
    private final int number;
    private final Random random;
    private final Area own;
    private final Area shared;
    private final List<String> unexpected = new CopyOnWriteArrayList<>();
    private Mix mix;
    private Write open;
    private int sinceFlush;
    private final AtomicReference<CountDownLatch> arriving = new AtomicReference<>();
    private volatile boolean resting;
    private volatile long done;
    private volatile long aborted;

    /**
     * Some blocks.
     *
     * @param first the first one
     * @param blocks how many
     */
    public record Area(long first, int blocks) {}

    /**
     * @param initiator logged in
     * @param lun the LUN field
     * @param number of the session, which its stamps carry
     * @param own blocks that no other session writes to
     * @param shared blocks that others write to at the same time; may have no block
     */
    public RecordingInitiator(
            TestInitiator initiator, long lun, DiskModel model, int number, long seed, Mix mix, Area own, Area shared) {
        this.initiator = initiator;
        this.lun = lun;
        this.model = model;
        this.number = number;
        this.random = new Random(seed);
        this.mix = mix;
        this.own = own;
        this.shared = shared;
    }

    /**
     * Works until it is told to stop, or asked by the target to log out, or the connection is lost. Fails if a command is not
     * answered in time, or what is read is not what was answered.
     *
     * @return whether the connection was lost
     */
    public boolean run(BooleanSupplier stop) throws IOException {
        try {
            while (!stop.getAsBoolean() && !initiator.isEndAnnounced()) {
                step();
                done++;
            }
        } catch (SocketTimeoutException silent) {
            throw silent;
        } catch (IOException lost) {
            return true;
        }
        if (initiator.isEndAnnounced()) {
            leave();
        }
        return false;
    }

    private void leave() {
        try {
            initiator.leave();
        } catch (IOException closed) {
            // It has not waited for that.
        }
    }

    /** Has it do nothing but read after the operation that is under way, which counts the latch down; any thread may ask. */
    void rest(CountDownLatch rests) {
        arriving.set(rests);
        resting = true;
    }

    /** Has it do everything again; any thread may ask. */
    void work() {
        resting = false;
    }

    /** Does one operation. */
    public void step() throws IOException {
        if (resting) {
            CountDownLatch rests = arriving.getAndSet(null);
            if (rests != null) {
                rests.countDown();
            }
            read();
            return;
        }
        Operation operation = ++sinceFlush > COMMANDS_WITHOUT_FLUSH ? Operation.SYNCHRONIZE_CACHE : mix.next(random);
        switch (operation) {
            case SYNCHRONIZE_CACHE -> flush();
            case READ -> read();
            case COMPARE_AND_WRITE -> compareAndWrite(place(own, 1));
            default -> change(operation);
        }
    }

    private void flush() throws IOException {
        long sent = model.sending();
        if (succeeded(Operation.SYNCHRONIZE_CACHE, execute(Operation.SYNCHRONIZE_CACHE, 0, 0, null, 0))) {
            model.flushed(sent);
            sinceFlush = 0;
        }
    }

    private void read() throws IOException {
        int blocks = mix.nextBlocks(random);
        read(place(own, blocks), Math.min(blocks, own.blocks()));
    }

    private byte[] read(long lba, int blocks) throws IOException {
        long sent = model.sending();
        ScsiResult result = execute(Operation.READ, lba, blocks, null, blocks * model.blockBytes());
        if (!succeeded(Operation.READ, result)) {
            return null;
        }
        for (int i = 0; i < blocks; i++) {
            ByteBuffer block = ByteBuffer.wrap(result.data(), i * model.blockBytes(), model.blockBytes());
            Verdict verdict = model.check(lba + i, block, Rule.ACKNOWLEDGED, sent);
            if (verdict != Verdict.INTACT) {
                throw new AssertionError("read by session " + number + ": block " + (lba + i) + " " + verdict.words());
            }
        }
        return result.data();
    }

    private void compareAndWrite(long lba) throws IOException {
        byte[] expected = read(lba, 1);
        if (expected != null) {
            Write write = model.send(number, lba, 1, Operation.COMPARE_AND_WRITE.kind());
            byte[] both = Arrays.copyOf(expected, expected.length * 2);
            System.arraycopy(model.data(write), 0, both, expected.length, expected.length);
            run(Operation.COMPARE_AND_WRITE, write, both);
        }
    }

    private void change(Operation operation) throws IOException {
        Area area = shared.blocks() > 0 && random.nextInt(SHARED_ONE_IN) == 0 ? shared : own;
        int blocks = Math.min(mix.nextBlocks(random), area.blocks());
        long lba = place(area, blocks);
        if (operation == Operation.UNMAP) {
            // What is smaller than the granularity of a store need not be unmapped.
            blocks = Math.max(ALIGNED_TO_BLOCKS, blocks / ALIGNED_TO_BLOCKS * ALIGNED_TO_BLOCKS);
            lba = Math.min(lba, area.first() + area.blocks() - blocks) / ALIGNED_TO_BLOCKS * ALIGNED_TO_BLOCKS;
        }
        Write write = model.send(number, lba, blocks, operation.kind());
        run(operation, write, dataOut(operation, write));
    }

    private byte[] dataOut(Operation operation, Write write) {
        return switch (operation) {
            case UNMAP -> Operation.unmapList(write.lba(), write.blocks());
            case WRITE_SAME -> new byte[model.blockBytes()];
            default -> model.data(write);
        };
    }

    private long place(Area area, int blocks) {
        return area.first() + random.nextInt(Math.max(1, area.blocks() - blocks + 1));
    }

    private void run(Operation operation, Write write, byte[] dataOut) throws IOException {
        open = write;
        ScsiResult result = execute(operation, write.lba(), write.blocks(), dataOut, 0);
        open = null;
        if (succeeded(operation, result)) {
            model.acknowledged(write);
        } else if (didNothing(result)) {
            model.refused(write);
        } else {
            model.failed(write);
        }
    }

    private ScsiResult execute(Operation operation, long lba, int blocks, byte[] dataOut, int dataInBytes)
            throws IOException {
        return initiator.execute(lun, operation.cdb(lba, blocks), dataOut, dataInBytes);
    }

    private boolean succeeded(Operation operation, ScsiResult result) {
        if (result.status() == GOOD) {
            return true;
        }
        int code = result.senseCode();
        if (code == INVALID_OPCODE || code == INVALID_FIELD) {
            // This target does not have it.
            mix = mix.without(operation);
        } else if (result.status() == TASK_ABORTED) {
            aborted++;
        } else if (result.status() != CHECK_CONDITION || code >> 16 != UNIT_ATTENTION) {
            unexpected.add(operation + ": " + result);
        }
        return false;
    }

    /** A command that is refused before it begins changes nothing; of any other one nobody knows (SAM-5 5.3.1). */
    private static boolean didNothing(ScsiResult result) {
        int key = result.senseCode() >> 16;
        return result.status() == CHECK_CONDITION
                ? key == ILLEGAL_REQUEST || key == UNIT_ATTENTION || key == MISCOMPARE
                : result.status() != TASK_ABORTED;
    }

    /** To be called when it is certain that a command that was under way when the connection was lost cannot land any more. */
    void over() {
        if (open != null) {
            model.failed(open);
            open = null;
        }
    }

    /** Returns how many operations have been done. */
    public long done() {
        return done;
    }

    /** Returns the mix without what the target turned out not to have. */
    public Mix mix() {
        return mix;
    }

    /** Returns how many commands ended with TASK ABORTED, as those do that another host aborts by a reset; any thread may ask. */
    public long aborted() {
        return aborted;
    }

    /** Returns what commands ended with, other than GOOD, TASK ABORTED and unit attentions; any thread may ask. */
    public List<String> unexpected() {
        return unexpected;
    }
}
