package io.sluice.backstore.nbd.client;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.nbd.protocol.NbdCommand;

/**
 * Whether what a server has acknowledged may be counted on. It may not after a flush has failed; nor after the connection was lost
 * while something was in its cache that no flush has covered, because the protocol does not tell whether it is the same process
 * that answers again. Used on one event loop.
 */
final class Trust {

    private final boolean serverKeeps;

    /** How many changes have ended that were not on stable storage by themselves. */
    private long changes;

    /** How many of them the last good flush has covered. */
    private long flushed;

    /** Null as long as all is well. */
    private String doubt;

    Trust(boolean serverKeeps) {
        this.serverKeeps = serverKeeps;
    }

    long changes() {
        return changes;
    }

    boolean hasUnflushed() {
        return changes > flushed;
    }

    /** Returns why nothing is to be written any more, or null. */
    String doubt() {
        return doubt;
    }

    /** Returns what a request fails with that would claim more than is known, or null. */
    BackstoreException refusal(NbdRequest request) {
        boolean claims = request.command().changes() || request.command() == NbdCommand.FLUSH;
        return doubt == null || !claims ? null : refusal();
    }

    BackstoreException refusal() {
        return new BackstoreException(Fault.WRITE_FAILED, doubt);
    }

    /** A flush that the server knows nothing of. */
    void flushedByItself() {
        flushed = changes;
    }

    /** Takes note of an answer; returns whether there is doubt since. */
    boolean ended(NbdRequest request) {
        NbdCommand command = request.command();
        if (request.leavesCached()) {
            changes++;
        }
        if (request.error() == null) {
            flushed = command == NbdCommand.FLUSH ? Math.max(flushed, request.covers()) : flushed;
            return false;
        }
        boolean stable = command.changes() && !request.leavesCached();
        boolean failed =
                command == NbdCommand.FLUSH || stable && request.error().fault(command) == Fault.WRITE_FAILED;
        if (failed && doubt == null) {
            doubt = "the server could not flush (" + request.error() + ")";
            return true;
        }
        return false;
    }

    /** The connection is lost; returns whether there is doubt since. */
    boolean lost() {
        if (doubt != null || serverKeeps || !hasUnflushed()) {
            return false;
        }
        doubt = "the connection was lost with " + (changes - flushed)
                + " writes that were not flushed, and the server may have lost them: backstore:reopen goes on with what is there";
        return true;
    }
}
