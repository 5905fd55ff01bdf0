package io.sluice.volume;

/** What an operation of a store does: one row for each counter and histogram. */
public enum OperationKind {
    READ(false),
    WRITE(true),
    FLUSH(false),
    UNMAP(true),
    ZERO(true),
    RESIZE(true),
    ERASE(true),
    EXAMINE(false);

    private final boolean changes;

    OperationKind(boolean changes) {
        this.changes = changes;
    }

    /** Returns whether the deadline of the volume is for it; to reserve space for a larger size may take any time. */
    public boolean timed() {
        return this != RESIZE;
    }

    /** Returns whether its success is worth nothing once a flush of the same store has failed. */
    public boolean trusts() {
        return changes || this == FLUSH;
    }

    /** Returns whether it changes blocks, so that a late one would be a danger to newer ones. */
    public boolean changes() {
        return changes;
    }
}
