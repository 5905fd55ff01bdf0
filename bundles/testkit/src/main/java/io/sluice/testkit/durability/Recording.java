package io.sluice.testkit.durability;

import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Several sessions that fill a model at the same time, each with a thread. */
public final class Recording {

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final int UNIT_ATTENTIONS = 16;

    /** How many blocks in a hundred all sessions write to; the others are divided among them. */
    private static final int SHARED_PERCENT = 5;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<RecordingInitiator> sessions = new ArrayList<>();
    private final List<TestInitiator> initiators = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Where and how it is recorded.
     *
     * @param portal address of the target
     * @param target its name
     * @param lun the LUN field
     * @param sessions how many
     * @param seed what everything random comes from
     * @param mix what they do
     * @param tolerant whether mistakes in the protocol that do no harm to data are taken
     */
    public record Setup(
            InetSocketAddress portal, String target, long lun, int sessions, long seed, Mix mix, boolean tolerant) {

        /** Returns the same with another seed. */
        Setup withSeed(long other) {
            return new Setup(portal, target, lun, sessions, other, mix, tolerant);
        }
    }

    private Recording() {}

    /** Logs in and begins. */
    public static Recording begin(Setup setup, DiskModel model) throws IOException {
        Recording recording = new Recording();
        try {
            for (int i = 0; i < setup.sessions(); i++) {
                recording.add(setup, model, i);
            }
        } catch (IOException | RuntimeException | Error refused) {
            recording.close();
            throw refused;
        }
        recording.sessions.forEach(recording::start);
        return recording;
    }

    private void add(Setup setup, DiskModel model, int number) throws IOException {
        TestInitiator initiator = logIn(setup, number);
        initiators.add(initiator);
        int shared = (int) (model.blocks() * SHARED_PERCENT / 100);
        int each = (int) ((model.blocks() - shared) / setup.sessions()) & ~7;
        sessions.add(new RecordingInitiator(
                initiator,
                setup.lun(),
                model,
                number,
                setup.seed() * 31 + number,
                setup.mix(),
                new RecordingInitiator.Area((long) number * each, each),
                new RecordingInitiator.Area((long) setup.sessions() * each, shared)));
    }

    /** Logs in and takes the unit attentions of a new session. */
    static TestInitiator logIn(Setup setup, int number) throws IOException {
        TestInitiator initiator = TestInitiator.connect(setup.portal(), ANSWER_LIMIT, 0)
                .tolerant(setup.tolerant())
                .name("iqn.2026-11.io.sluice.testkit:recorder" + number)
                .isid(0x8000_0000_0100L + number)
                .login(setup.target());
        ScsiResult ready = initiator.execute(setup.lun(), new byte[6], null, 0);
        for (int i = 0; i < UNIT_ATTENTIONS && ready.status() != 0; i++) {
            ready = initiator.execute(setup.lun(), new byte[6], null, 0);
        }
        if (ready.status() != 0) {
            initiator.close();
            throw new IOException("the disk does not become ready: " + ready);
        }
        return initiator;
    }

    private void start(RecordingInitiator session) {
        Thread thread = new Thread(() -> run(session), "recorder-" + threads.size());
        threads.add(thread);
        thread.start();
    }

    private void run(RecordingInitiator session) {
        try {
            if (session.run(stop::get)) {
                lost.incrementAndGet();
            }
        } catch (IOException | RuntimeException | Error wrong) {
            failure.compareAndSet(null, wrong);
        }
    }

    /** Returns how many operations have been done by all. */
    public long done() {
        return sessions.stream().mapToLong(RecordingInitiator::done).sum();
    }

    /** Returns how many commands ended with TASK ABORTED. */
    public long aborted() {
        return sessions.stream().mapToLong(RecordingInitiator::aborted).sum();
    }

    /** Returns what commands ended with, other than GOOD, TASK ABORTED and unit attentions. */
    public List<String> unexpected() {
        return sessions.stream()
                .flatMap(session -> session.unexpected().stream())
                .toList();
    }

    /** Returns which operations the target has turned out not to have. */
    public Set<Operation> notOffered() {
        Set<Operation> missing = EnumSet.noneOf(Operation.class);
        for (RecordingInitiator session : sessions) {
            Set<Operation> refused = EnumSet.allOf(Operation.class);
            refused.removeAll(session.mix().weights().keySet());
            missing.addAll(refused);
        }
        return missing;
    }

    /** Fails if something that was read was wrong, or something was not answered in time. */
    public void check() {
        if (failure.get() != null) {
            throw new AssertionError("a session failed", failure.get());
        }
    }

    /** Has the sessions do nothing but read until {@link #work}, and waits for the end of all writes that are under way. */
    public void rest() throws InterruptedException {
        CountDownLatch resting = new CountDownLatch(sessions.size());
        sessions.forEach(session -> session.rest(resting));
        boolean all = resting.await(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        check();
        if (!all) {
            throw new AssertionError(resting.getCount() + " sessions did not come to rest");
        }
    }

    /** Has them do everything again. */
    public void work() {
        sessions.forEach(RecordingInitiator::work);
    }

    /** Ends the sessions after the command that is under way in each, and waits for that. */
    public void stop() throws InterruptedException {
        stop.set(true);
        await();
    }

    /**
     * Waits for the end of all sessions, by the loss of their connections, say. After that the model takes it that nothing of
     * what was under way can land any more.
     *
     * @return how many have lost their connection
     */
    public int await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(2) + ANSWER_LIMIT.toMillis());
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " did not end");
            }
        }
        close();
        check();
        sessions.forEach(RecordingInitiator::over);
        return lost.get();
    }

    private void close() {
        for (TestInitiator initiator : initiators) {
            try {
                initiator.close();
            } catch (IOException closed) {
                failure.compareAndSet(null, closed);
            }
        }
    }
}
