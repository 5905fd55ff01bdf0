package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

public class GroupCommitTest {

    private static final int WAITERS = 40;

    /** Work that a test does when it wants to. */
    private final Queue<Runnable> work = new ArrayDeque<>();

    private final List<IOException> failures = new ArrayList<>();
    private Runnable duringForce = () -> {};
    private int forces;
    private IOException failure;
    private boolean closed;

    private final GroupCommit commits = new GroupCommit(this::force, this::execute, cause -> cause, failures::add);

    private void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException();
        }
        work.add(task);
    }

    private void force() throws IOException {
        forces++;
        Runnable meanwhile = duringForce;
        duringForce = () -> {};
        meanwhile.run();
        if (failure != null) {
            throw failure;
        }
    }

    private CompletableFuture<Void> commit() {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        commits.commit(waiter);
        return waiter;
    }

    private static Throwable failure(CompletableFuture<Void> waiter) {
        return assertThrows(CompletionException.class, waiter::join).getCause();
    }

    @Test
    public void waitersTakeOneThreadAndShareOneForceThatStartsAfterThem() {
        CompletableFuture<Void> first = commit();
        List<CompletableFuture<Void>> waiters = new ArrayList<>();
        duringForce = () -> {
            for (int i = 0; i < WAITERS; i++) {
                waiters.add(commit());
            }
            duringForce = () -> assertTrue(
                    "the force that ran when they asked does not count",
                    first.isDone() && waiters.stream().noneMatch(CompletableFuture::isDone));
        };
        assertEquals("one thread serves all", 1, work.size());
        work.remove().run();
        assertTrue(work.isEmpty());
        assertTrue(waiters.stream().allMatch(CompletableFuture::isDone));
        assertEquals(2, forces);
    }

    @Test
    public void startsAgainAfterItWasIdle() {
        commit();
        work.remove().run();
        CompletableFuture<Void> second = commit();
        assertFalse(second.isDone());
        work.remove().run();
        assertTrue(second.isDone());
    }

    @Test
    public void failureIsForever() {
        failure = new IOException("Input/output error");
        CompletableFuture<Void> first = commit();
        work.remove().run();
        assertSame(failure, failure(first));
        failure = null;
        CompletableFuture<Void> later = commit();
        work.remove().run();
        assertEquals("Input/output error", failure(later).getMessage());
        assertTrue(commits.failed());
        assertEquals("not asked again", 1, forces);
        assertEquals("told once", 1, failures.size());
    }

    /** The kernel tells of a failure once, and here to the first call; what the second was to make stable may be lost. */
    @Test
    public void nothingSucceedsBesideACallThatFails() throws Exception {
        AtomicReference<IOException> second = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                commits.commitNow();
            } catch (IOException told) {
                second.set(told);
            }
        });
        CompletableFuture<Void> first = commit();
        duringForce = () -> {
            other.start();
            while (other.getState() != Thread.State.BLOCKED && other.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
            failure = new IOException("Input/output error");
        };
        work.remove().run();
        other.join(30_000);
        assertEquals("Input/output error", failure(first).getMessage());
        assertNotNull("it may be its data that is lost", second.get());
        assertEquals(1, forces);
    }

    @Test
    public void nobodyWaitsForAThreadThatDoesNotCome() {
        closed = true;
        assertEquals("the backstore takes no more work", failure(commit()).getMessage());
        closed = false;
        CompletableFuture<Void> later = commit();
        work.remove().run();
        assertTrue(later.isDone());
    }
}
