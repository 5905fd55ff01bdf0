package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store of which each call goes wrong in a way that no interface allows, while it is told to: what a backend with bugs does
 * to a gateway. Thread-safe.
 */
public final class ThrowingBackstore extends InterceptingBackstore {

    /** What a call does. */
    public enum Manner {
        /** What it should. */
        WELL,
        /** Throws an unchecked exception. */
        EXCEPTION,
        /** Throws an error, as a library that is missing does. */
        ERROR,
        /** Returns null. */
        NULL,
        /** Returns a stage that fails with something that is no BackstoreException. */
        STRANGE_FAILURE
    }

    private volatile Manner manner = Manner.WELL;

    /** @param delegate the store below, which is asked while all is well */
    public ThrowingBackstore(Backstore delegate) {
        super(delegate);
    }

    /** Sets what calls do from now on. */
    public void behave(Manner next) {
        manner = next;
    }

    @Override
    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> below) {
        return switch (manner) {
            case WELL -> below.get();
            case EXCEPTION -> throw new IllegalStateException("a backend with a bug");
            case ERROR -> throw new NoClassDefFoundError("a backend without its library");
            case NULL -> null;
            case STRANGE_FAILURE -> CompletableFuture.failedFuture(new ArithmeticException("a backend with a bug"));
        };
    }
}
