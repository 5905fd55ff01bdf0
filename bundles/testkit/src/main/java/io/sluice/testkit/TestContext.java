package io.sluice.testkit;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * What a test gives a backstore to live with: a few daemon threads that nobody interrupts, a list of what was raised, and
 * secrets from a map. A test can {@link #hold} all work back and so see what waits for it. Thread-safe.
 */
public final class TestContext implements BackstoreContext, AutoCloseable {

    private static final int THREADS = 4;

    private final String name;
    private final ExecutorService threads;
    private final List<BackstoreEvent> events = new CopyOnWriteArrayList<>();
    private final Map<String, Secret> secrets = new ConcurrentHashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding;
    private volatile boolean doubtful;

    /** @param name of the backstore */
    public TestContext(String name) {
        this.name = name;
        this.threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "backstore-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Executor executor() {
        return this::execute;
    }

    private synchronized void execute(Runnable work) {
        if (threads.isShutdown()) {
            throw new RejectedExecutionException(name + " is closed");
        }
        if (holding) {
            held.add(work);
        } else {
            threads.execute(work);
        }
    }

    @Override
    public <T> CompletionStage<T> call(BlockingCall<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException refused) {
            result.completeExceptionally(new BackstoreException(Fault.NOT_READY, name + " takes no work", refused));
        }
        return result;
    }

    /** Keeps work that comes from now on until {@link #release}. */
    public synchronized void hold() {
        holding = true;
    }

    /** Lets go of the work that was kept. */
    public synchronized void release() {
        holding = false;
        held.forEach(threads::execute);
        held.clear();
    }

    /** Returns how much work is kept. */
    public synchronized int held() {
        return held.size();
    }

    /** Sets whether a flush has failed before. */
    public void setDoubtful(boolean changed) {
        doubtful = changed;
    }

    @Override
    public boolean isDoubtful() {
        return doubtful;
    }

    @Override
    public void raise(BackstoreEvent event) {
        events.add(event);
    }

    /** Returns what was raised so far, in order. */
    public List<BackstoreEvent> events() {
        return List.copyOf(events);
    }

    /** Sets what an option stands for. */
    public void putSecret(String option, Secret secret) {
        secrets.put(option, secret);
    }

    @Override
    public Secret secret(String option) {
        return secrets.get(option);
    }

    /** Takes no more work; what is under way goes on. */
    @Override
    public synchronized void close() {
        release();
        threads.shutdown();
    }
}
