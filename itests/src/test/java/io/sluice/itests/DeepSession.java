package io.sluice.itests;

import static org.junit.Assert.assertEquals;

import io.sluice.testkit.durability.DiskModel;
import io.sluice.testkit.durability.Write;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/** A session that keeps many WRITEs under way until its connection is closed; what is answered has to be GOOD. */
final class DeepSession extends Thread {

    private static final int BLOCKS = 8;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private final TestInitiator initiator;
    private final DiskModel model;
    private final int number;
    private final int depth;
    private final Map<Integer, Write> underWay = new HashMap<>();
    private final Queue<Long> free = new ArrayDeque<>();
    private volatile long answered;
    private volatile boolean askedToLeave;
    private volatile Throwable failure;

    /** The disk needs twice as many places of 4 KiB for each session as it has commands under way. */
    DeepSession(Sluice sluice, String target, DiskModel model, int number, int depth) throws IOException {
        super("deep-" + number);
        this.model = model;
        this.number = number;
        this.depth = depth;
        initiator = TestInitiator.connect(sluice.portal(), ANSWER_LIMIT, 0)
                .name("iqn.2026-11.io.sluice:deep" + number)
                .login(target);
        initiator.execute(0, new byte[6], null, 0);
        for (long place = 0; place < 2L * depth; place++) {
            free.add((number * 2L * depth + place) * BLOCKS);
        }
    }

    @Override
    public void run() {
        try {
            while (underWay.size() < depth) {
                send();
            }
            while (true) {
                receive();
            }
        } catch (SocketTimeoutException silent) {
            failure = new AssertionError(
                    underWay.size() + " commands were not answered, and the connection is open", silent);
        } catch (IOException closed) {
            // The connection is closed, and so nobody waits for an answer.
        } catch (RuntimeException | Error wrong) {
            failure = wrong;
        }
    }

    private void send() throws IOException {
        Write write = model.send(number, free.remove(), BLOCKS, Write.Kind.CACHED);
        byte[] data = model.data(write);
        RawPdu command = initiator
                .command(0, Cdb.write10(write.lba(), BLOCKS), data.length, 0)
                .data(data);
        underWay.put(command.taskTag(), write);
        initiator.send(command);
    }

    private void receive() throws IOException {
        RawPdu pdu = initiator.receive();
        if (pdu.opcode() == RawPdu.ASYNC_MESSAGE) {
            askedToLeave = true;
            return;
        }
        assertEquals(0, ScsiResult.of(pdu).status());
        Write write = underWay.remove(pdu.taskTag());
        model.acknowledged(write);
        free.add(write.lba());
        answered++;
        if (!askedToLeave) {
            send();
        } else if (underWay.isEmpty()) {
            initiator.leave();
            throw new EOFException();
        }
    }

    long answered() {
        return answered;
    }

    boolean wasAskedToLeave() {
        return askedToLeave;
    }

    /** Waits for the end; nothing of what was not answered can land after it. */
    void await() throws Exception {
        join(ANSWER_LIMIT.multipliedBy(2).toMillis());
        initiator.close();
        if (isAlive() || failure != null) {
            throw new AssertionError(getName() + " has not ended well", failure);
        }
        underWay.values().forEach(model::failed);
    }
}
