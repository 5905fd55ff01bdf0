package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** A store with stages of its own that tell twice of their end: a bug of a backend that must not end a task twice. */
public final class TwiceBackstore extends ForwardingBackstore {

    /** @param delegate the store below */
    public TwiceBackstore(Backstore delegate) {
        super(delegate);
    }

    /** Runs what is attached to it two times. */
    private static final class TwiceStage extends CompletableFuture<Void> {

        @Override
        public CompletableFuture<Void> whenComplete(BiConsumer<? super Void, ? super Throwable> action) {
            super.whenComplete(action);
            return super.whenComplete(action);
        }

        @Override
        public <U> CompletableFuture<U> handle(BiFunction<? super Void, Throwable, ? extends U> action) {
            super.handle(action);
            return super.handle(action);
        }
    }

    private static CompletionStage<Void> twice(CompletionStage<Void> below) {
        TwiceStage stage = new TwiceStage();
        below.whenComplete((done, failure) -> Stages.end(stage, done, failure));
        return stage;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return twice(super.read(lba, destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return twice(super.write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> flush() {
        return twice(super.flush());
    }
}
