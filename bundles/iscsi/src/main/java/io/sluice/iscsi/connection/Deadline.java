package io.sluice.iscsi.connection;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** Waits for the engine, whose stores may not answer, but not for ever. To be used on the event loop. */
final class Deadline {

    private final Channel channel;
    private final long nanos;

    Deadline(Channel channel, Duration time) {
        this.channel = channel;
        this.nanos = time.toNanos();
    }

    /** Goes on, on the event loop and perhaps at once, with the result of a stage or with its failure. */
    <T> void await(CompletionStage<T> stage, BiConsumer<? super T, ? super Throwable> then) {
        CompletableFuture<T> bounded = stage.toCompletableFuture().copy();
        if (bounded.isDone()) {
            settle(bounded, then);
            return;
        }
        EventLoop eventLoop = channel.eventLoop();
        Future<?> deadline = eventLoop.schedule(
                () -> bounded.completeExceptionally(new TimeoutException("no end in time")),
                nanos,
                TimeUnit.NANOSECONDS);
        bounded.whenComplete((result, failure) -> {
            deadline.cancel(false);
            eventLoop.execute(() -> settle(bounded, then));
        });
    }

    private static <T> void settle(CompletableFuture<T> done, BiConsumer<? super T, ? super Throwable> then) {
        T result;
        try {
            result = done.join();
        } catch (CompletionException failed) {
            then.accept(null, failed.getCause());
            return;
        }
        then.accept(result, null);
    }
}
