package io.sluice.rest.http;

import io.sluice.rest.event.Watcher;
import java.util.function.BooleanSupplier;

/** Somebody wants to be told of changes: there is no end to the answer, and no worker writes it. */
record Follow(Watcher watcher, BooleanSupplier counts) implements Work {

    @Override
    public boolean takesDocument() {
        return false;
    }

    @Override
    public boolean isForKnown() {
        return true;
    }

    @Override
    public Answer run(byte[] document) {
        throw new IllegalStateException("a stream is no answer that is written at once");
    }
}
