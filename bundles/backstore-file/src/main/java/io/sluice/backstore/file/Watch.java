package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreContext;
import java.util.function.BooleanSupplier;

/** Who waits while a file is made. Thread-safe; nothing here waits. */
interface Watch {

    /** Nobody wants to know, and nobody changes his mind. */
    Watch NONE = new Watch() {};

    /** Returns whether the file is not wanted any more. */
    default boolean isCancelled() {
        return false;
    }

    /** Tells how much of it is done, from 0 to 1. */
    default void progress(double share) {}

    /** Returns one for a new backstore. */
    static Watch of(BackstoreContext context, BooleanSupplier stopped) {
        return new Watch() {
            @Override
            public boolean isCancelled() {
                return stopped.getAsBoolean() || context.isCancelled();
            }

            @Override
            public void progress(double share) {
                context.progress(share);
            }
        };
    }
}
