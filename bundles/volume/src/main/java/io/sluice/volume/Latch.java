package io.sluice.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a flush of an open store has failed. What that has lost nobody knows, and the next flush may well succeed because
 * the lost data is not there to be written any more. So from the first failure on nothing that changes blocks or flushes
 * them succeeds, whatever the store itself says, until another store is opened in its place. Thread-safe.
 */
final class Latch {

    private static final Logger LOG = LoggerFactory.getLogger(Latch.class);

    private final String name;
    private volatile String why;

    /** Hears what it is shut for. */
    private volatile Consumer<String> listener = reason -> {};

    /** @param name of the volume, for logs */
    Latch(String name) {
        this.name = name;
    }

    /** @param told when it is shut; must not wait */
    void listen(Consumer<String> told) {
        listener = told;
    }

    boolean isShut() {
        return why != null;
    }

    /**
     * Judges what a store has answered.
     *
     * @param stable whether a write was to be stable, and so flushed too
     * @param failure null if the store says that it has succeeded
     * @return what the operation fails with; null if it has succeeded
     */
    Throwable judge(OperationKind kind, boolean stable, Throwable failure) {
        if (failure != null) {
            boolean flushFailed = kind == OperationKind.FLUSH ? losesData(failure) : stable && mayLoseData(failure);
            if (flushFailed) {
                shut("a flush of its storage failed: " + Replacement.message(failure));
            }
            return failure;
        }
        return kind.trusts() && isShut() ? refusal() : null;
    }

    /** Returns whether a flush, or a close, that ended like this may have lost something: one that never began has not. */
    static boolean losesData(Throwable failure) {
        return !(cause(failure) instanceof BackstoreException known && known.fault() == Fault.NOT_READY);
    }

    /** Of a write that was to be stable it cannot be told whether writing or flushing has failed, unless the fault says so. */
    private static boolean mayLoseData(Throwable failure) {
        if (!(cause(failure) instanceof BackstoreException known)) {
            return true;
        }
        return switch (known.fault()) {
            case WRITE_FAILED, TIMED_OUT -> true;
            case READ_FAILED, OUT_OF_SPACE, WRITE_PROTECTED, NOT_READY, BUSY -> false;
        };
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** @param reason one line for the operator */
    void shut(String reason) {
        synchronized (this) {
            if (isShut()) {
                return;
            }
            why = reason;
        }
        listener.accept(reason);
        LOG.error("volume={} takes no writes until its storage is opened anew: {}", name, problem());
    }

    /** Returns what it was shut for, or null. */
    String why() {
        return why;
    }

    private String problem() {
        return why + ", and what was written since the last good flush may be lost";
    }

    /** Returns what operations fail with that need trust. */
    BackstoreException refusal() {
        return new BackstoreException(
                Fault.WRITE_FAILED,
                "volume " + name + " takes no writes and no flush until its storage is opened anew: " + problem());
    }

    /** Returns the worse of how the store says it is and of what has happened to it. */
    BackstoreHealth worse(BackstoreHealth ofStore) {
        return !isShut() || ofStore.state().compareTo(BackstoreHealth.State.READ_ONLY) >= 0
                ? ofStore
                : new BackstoreHealth(BackstoreHealth.State.READ_ONLY, problem());
    }
}
