package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class GroupCommitTest {

    private static final int WAITERS = 8;

    /** Tells the test that a force runs, and waits for leave to end. */
    private final BlockingQueue<CountDownLatch> forces = new LinkedBlockingQueue<>();

    private final List<IOException> failures = new ArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private volatile IOException failure;

    private final GroupCommit commits = new GroupCommit(this::force, failures::add);

    private void force() throws IOException {
        count.incrementAndGet();
        CountDownLatch leave = new CountDownLatch(1);
        forces.add(leave);
        try {
            leave.await();
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private FutureTask<Void> commit() {
        FutureTask<Void> task = new FutureTask<>(() -> {
            commits.commit();
            return null;
        });
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
        return task;
    }

    private final List<Thread> threads = new ArrayList<>();

    private void awaitWaiting(int waiting) {
        while (threads.stream()
                        .filter(thread -> thread.getState() == Thread.State.WAITING)
                        .count()
                < waiting) {
            Thread.onSpinWait();
        }
    }

    @Test
    public void waitersShareOneForceThatStartsAfterThem() throws Exception {
        FutureTask<Void> first = commit();
        CountDownLatch firstForce = forces.poll(30, TimeUnit.SECONDS);
        List<FutureTask<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < WAITERS; i++) {
            waiters.add(commit());
        }
        awaitWaiting(WAITERS + 1);
        firstForce.countDown();
        first.get(30, TimeUnit.SECONDS);
        CountDownLatch secondForce = forces.poll(30, TimeUnit.SECONDS);
        assertTrue(
                "the force that ran when they asked does not count",
                waiters.stream().noneMatch(FutureTask::isDone));
        secondForce.countDown();
        for (FutureTask<Void> waiter : waiters) {
            waiter.get(30, TimeUnit.SECONDS);
        }
        assertEquals(2, count.get());
    }

    @Test
    public void failureIsForever() throws Exception {
        failure = new IOException("Input/output error");
        FutureTask<Void> first = commit();
        forces.poll(30, TimeUnit.SECONDS).countDown();
        assertThrows(Exception.class, () -> first.get(30, TimeUnit.SECONDS));
        failure = null;
        IOException later = assertThrows(IOException.class, commits::commit);
        assertEquals("Input/output error", later.getMessage());
        assertTrue(commits.failed());
        assertEquals("not asked again", 1, count.get());
        assertEquals("told once", 1, failures.size());
    }
}
