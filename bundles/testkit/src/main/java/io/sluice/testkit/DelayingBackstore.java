package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A store of which each operation begins late; counts them. Thread-safe. */
public final class DelayingBackstore extends InterceptingBackstore {

    private final ScheduledExecutorService scheduler;
    private final long delayMicros;
    private final AtomicLong operations = new AtomicLong();

    DelayingBackstore(Backstore delegate, ScheduledExecutorService scheduler, long delayMicros) {
        super(delegate);
        this.scheduler = scheduler;
        this.delayMicros = delayMicros;
    }

    /** Returns how many operations were asked for, the flushes among them. */
    public long operations() {
        return operations.get();
    }

    @Override
    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> below) {
        operations.incrementAndGet();
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable begin = () -> below.get().whenComplete((value, failure) -> Stages.end(result, value, failure));
        scheduler.schedule(begin, delayMicros, TimeUnit.MICROSECONDS);
        return result;
    }

    @Override
    public CompletionStage<Void> close() {
        return delegate().close();
    }
}
