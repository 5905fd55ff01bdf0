package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

public class GroupCommitTest {

    private static final int WAITERS = 40;
    private static final long LONG_NANOS = 20_000_000;

    /** Work that a test does when it wants to. */
    private final Queue<Runnable> work = new ArrayDeque<>();

    private final List<IOException> failures = new ArrayList<>();
    private Runnable duringForce = () -> {};
    private int forces;
    private IOException failure;
    private boolean closed;

    private final List<Integer> waysUsed = new ArrayList<>();
    private final List<Long> written = new ArrayList<>();
    private Set<Integer> refused = Set.of();
    private BackstoreException writeFailure;
    private int ways = 1;

    private GroupCommit commits = commits();

    private GroupCommit commits() {
        return new GroupCommit(
                new GroupCommit.Forces() {
                    @Override
                    public int ways() {
                        return ways;
                    }

                    @Override
                    public boolean open(int way) {
                        return !refused.contains(way);
                    }

                    @Override
                    public void force(int way) throws IOException {
                        waysUsed.add(way);
                        GroupCommitTest.this.force();
                    }
                },
                this::write,
                this::execute,
                cause -> cause,
                failures::add);
    }

    private void write(long offset, ByteBuffer[] source) throws BackstoreException {
        if (writeFailure != null) {
            throw writeFailure;
        }
        written.add(offset);
    }

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

    /** A force that takes as long as a disk's, so that more ways are worth it. */
    private void takeLong() {
        long until = System.nanoTime() + LONG_NANOS;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private void severalWays() {
        ways = 3;
        commits = commits();
        duringForce = this::takeLong;
        commit();
        work.remove().run();
        waysUsed.clear();
    }

    @Test
    public void whereCallsTakeLongOthersBeginBesideThem() {
        severalWays();
        List<CompletableFuture<Void>> beside = new ArrayList<>();
        duringForce = () -> {
            beside.add(commit());
            work.remove().run();
            assertTrue("it did not wait for the first", beside.get(0).isDone());
        };
        CompletableFuture<Void> first = commit();
        work.remove().run();
        assertTrue(first.isDone());
        assertEquals("a new way, after what only the older one hears of", List.of(0, 0, 1), waysUsed);
    }

    @Test
    public void whereCallsAreQuickOneServesAll() {
        ways = 3;
        commits = commits();
        duringForce = this::commit;
        commit();
        work.remove().run();
        assertTrue("no second thread", work.isEmpty());
        assertEquals(List.of(0, 0), waysUsed);
    }

    @Test
    public void whoeverIsAboutToBeginServesAll() {
        severalWays();
        commit();
        commit();
        commit();
        assertEquals(1, work.size());
    }

    @Test
    public void aWayThatCannotBeOpenedIsNotMissed() {
        refused = Set.of(1);
        severalWays();
        List<CompletableFuture<Void>> beside = new ArrayList<>();
        duringForce = () -> {
            beside.add(commit());
            work.remove().run();
            assertFalse(beside.get(0).isDone());
        };
        commit();
        work.remove().run();
        assertTrue("by the one that is there", beside.get(0).isDone());
        CompletableFuture<Void> later = commit();
        work.remove().run();
        assertTrue(later.isDone());
        assertEquals(List.of(0, 0, 0), waysUsed);
    }

    /** What a call beside it is told of may be what this one was to make stable. */
    @Test
    public void nothingSucceedsAfterACallBesideItHasFailed() {
        severalWays();
        duringForce = () -> {
            failure = new IOException("Input/output error");
            CompletableFuture<Void> beside = commit();
            work.remove().run();
            assertEquals("Input/output error", failure(beside).getMessage());
            failure = null;
        };
        CompletableFuture<Void> first = commit();
        work.remove().run();
        assertEquals("Input/output error", failure(first).getMessage());
        assertEquals("told once", 1, failures.size());
    }

    @Test
    public void writesArePerformedBeforeTheCallThatMakesThemStable() {
        PendingWrite write = commits.commit(new PendingWrite(4096, new ByteBuffer[0]));
        duringForce = () -> assertEquals(List.of(4096L), written);
        assertFalse(write.isDone());
        work.remove().run();
        assertTrue(write.isDone());
        assertEquals(1, forces);
    }

    @Test
    public void aWriteThatFailsFailsAlone() {
        writeFailure = new BackstoreException(Fault.OUT_OF_SPACE, "no space");
        CompletableFuture<Void> write = commits.commit(new PendingWrite(4096, new ByteBuffer[0]));
        work.remove().run();
        assertSame(writeFailure, failure(write));
        assertEquals("nothing is to be made stable", 0, forces);
        write = commits.commit(new PendingWrite(4096, new ByteBuffer[0]));
        CompletableFuture<Void> flush = commit();
        work.remove().run();
        assertSame(writeFailure, failure(write));
        assertTrue(flush.isDone());
        assertFalse(commits.failed());
    }

    @Test
    public void nobodyWaitsInAQueueWithoutEnd() {
        List<CompletableFuture<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 16_384; i++) {
            waiters.add(commit());
        }
        assertEquals(
                "16384 flushes wait: the disk does not keep up",
                failure(commit()).getMessage());
        work.remove().run();
        assertTrue(waiters.stream().allMatch(CompletableFuture::isDone));
    }
}
