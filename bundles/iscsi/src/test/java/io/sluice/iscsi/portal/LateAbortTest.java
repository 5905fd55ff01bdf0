package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Once commands are aborted, or their connection is logged out, none of them changes the medium (SAM-5 7, RFC 7143 7.5). */
public final class LateAbortTest {

    private static final int ROUNDS = Integer.getInteger("sluice.test.lateAbortRounds", 1000);
    private static final int BURST = 8;
    private static final int BLOCKS = 8;
    private static final int ABORT_TASK = 1;
    private static final int FUNCTION_COMPLETE = 0;
    private static final int TASK_DOES_NOT_EXIST = 1;
    private static final int[] FUNCTIONS = {2, 4, 5};

    @Rule
    public final TestServer server = new TestServer();

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final ExecutorService reader = Executors.newSingleThreadExecutor();
    private final List<RawPdu> sent = new ArrayList<>();
    private final Set<Integer> answered = new HashSet<>();

    @Before
    public void storeWithThreads() {
        server.store()
                .completeOn(operation -> threads.execute(() -> {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(60_000));
                    operation.run();
                }));
    }

    @After
    public void stopThreads() {
        threads.shutdown();
        reader.shutdown();
    }

    private TestInitiator leading() throws IOException {
        return TestServer.ready(server.connect().login(TARGET, Map.of("MaxConnections", "2")));
    }

    private void sendBurst(TestInitiator initiator) throws IOException {
        byte[] old = new byte[BLOCKS * BLOCK];
        Arrays.fill(old, (byte) 0xEE);
        sent.clear();
        answered.clear();
        for (int i = 0; i < BURST; i++) {
            RawPdu write = initiator
                    .command(LUN_0, Cdb.write10(0, BLOCKS), old.length, 0)
                    .data(old);
            initiator.send(write);
            sent.add(write);
        }
    }

    /** Answers of commands that have ended before come first. Returns the response of the function. */
    private int expectAnswer(TestInitiator initiator, int taskTag) throws IOException {
        RawPdu answer = initiator.receive();
        while (answer.opcode() == RawPdu.SCSI_RESPONSE) {
            answered.add(answer.taskTag());
            answer = initiator.receive();
        }
        assertEquals(RawPdu.TASK_MANAGEMENT_RESPONSE, answer.opcode());
        assertEquals(taskTag, answer.taskTag());
        return answer.int8(2);
    }

    private static void expectOwnData(TestInitiator initiator, int round) throws IOException {
        while (initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).status() != 0) {
            // A reset is told as a unit attention.
        }
        byte[] own = pattern(BLOCKS, round);
        initiator.write10(LUN_0, 0, own, BLOCK);
        for (int i = 0; i < 3; i++) {
            if (!Arrays.equals(own, initiator.read10(LUN_0, 0, BLOCKS, BLOCK))) {
                throw new AssertionError("late write in round " + round);
            }
        }
    }

    @Test
    public void afterAbortsAndResets() throws IOException {
        TestInitiator initiator = leading();
        for (int round = 0; round < ROUNDS; round++) {
            sendBurst(initiator);
            RawPdu request =
                    initiator.taskManagementRequest(FUNCTIONS[round % FUNCTIONS.length], LUN_0, RawPdu.RESERVED_TAG, 0);
            initiator.send(request);
            expectAnswer(initiator, request.taskTag());
            expectOwnData(initiator, round);
        }
    }

    @Test
    public void afterAbortsOfEachCommand() throws IOException {
        TestInitiator initiator = leading();
        for (int round = 0; round < ROUNDS / BURST; round++) {
            sendBurst(initiator);
            for (RawPdu write : List.copyOf(sent)) {
                abortAndCompare(initiator, write);
            }
            expectOwnData(initiator, round);
        }
    }

    private int abort(TestInitiator initiator, RawPdu write) throws IOException {
        RawPdu request = initiator.taskManagementRequest(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24));
        initiator.send(request);
        return expectAnswer(initiator, request.taskTag());
    }

    /** A command is answered or aborted, and the response of the function says which (RFC 7143 11.6.1). */
    private void abortAndCompare(TestInitiator initiator, RawPdu write) throws IOException {
        int response = abort(initiator, write);
        assertEquals(answered.contains(write.taskTag()) ? TASK_DOES_NOT_EXIST : FUNCTION_COMPLETE, response);
    }

    /** The writes come by one connection, the resets by the other. */
    @Test
    public void afterResetsByAnotherConnection() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = server.connect().join(first, 1, TARGET);
        for (int round = 0; round < ROUNDS; round++) {
            sendBurst(first);
            RawPdu request =
                    second.taskManagementRequest(FUNCTIONS[round % FUNCTIONS.length], LUN_0, RawPdu.RESERVED_TAG, 0);
            second.send(request);
            // Nothing overtakes the answers that have gone by the first connection until they are acknowledged there.
            int number = round;
            CompletableFuture<Void> checked =
                    CompletableFuture.runAsync(() -> expectAnswerAndOwnData(second, request, number), reader);
            do {
                drain(first);
            } while (!checked.isDone());
            checked.join();
        }
    }

    private void expectAnswerAndOwnData(TestInitiator initiator, RawPdu request, int round) {
        try {
            expectAnswer(initiator, request.taskTag());
            expectOwnData(initiator, round);
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    private static void drain(TestInitiator initiator) throws IOException {
        RawPdu ping = initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG);
        initiator.send(ping);
        RawPdu answer = initiator.receive();
        while (answer.opcode() == RawPdu.SCSI_RESPONSE || answer.taskTag() == RawPdu.RESERVED_TAG) {
            answer = initiator.receive();
        }
        assertEquals(ping.taskTag(), answer.taskTag());
    }

    /** A connection breaks with writes under way; the other one logs it out and fills the gap, and goes on. */
    @Test
    public void afterALostConnectionWasLoggedOut() throws IOException {
        TestInitiator second = leading();
        for (int round = 0; round < ROUNDS / 4; round++) {
            TestInitiator first = server.connect().join(second, 1, TARGET);
            sendBurst(first);
            first.reset();
            RawPdu logout =
                    second.request(RawPdu.LOGOUT).immediate().flags(0x81).int16(20, 1);
            second.cmdSn(second.cmdSn() - 1);
            second.send(logout);
            assertEquals(logout.taskTag(), second.expect(RawPdu.LOGOUT_RESPONSE).taskTag());
            for (RawPdu write : List.copyOf(sent)) {
                abort(second, write);
            }
            expectOwnData(second, round);
        }
    }
}
