package io.sluice.backstore.nbd.client;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.nbd.protocol.NbdCommand;
import io.sluice.backstore.nbd.protocol.NbdError;
import io.sluice.backstore.nbd.protocol.NbdProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/**
 * One request to a server, and the stage of its answer. What it has is used on the event loop alone; the buffers are the
 * caller's, and are let go of when the stage completes, which is not before the last byte of them has been sent.
 */
public final class NbdRequest extends CompletableFuture<Void> {

    /** How often it is sent: once, and five times anew. */
    static final int MOST_SENDINGS = 6;

    private static final ByteBuffer[] NO_DATA = {};

    /** Runs of a kind are few; what a server tells beyond that is not listened to, and asked for again. */
    private static final int MOST_EXTENTS = 4096;

    private static final long[] NO_EXTENTS = {};

    private final NbdCommand command;
    private final int flags;
    private final long offset;
    private final int length;
    private final ByteBuffer[] source;
    private final ByteBuffer destination;

    /** Who has asked: its event loop may be the one to serve the connection. */
    private final Thread origin = Thread.currentThread();

    private final Coverage coverage = new Coverage();
    private long[] extents = NO_EXTENTS;
    private int extentCount;
    private boolean allocationTold;
    private NbdError error;
    private int sendings;
    private boolean sent;
    private boolean replied;

    /** How many changes had ended when it was sent, if it is a flush. */
    private long covers;

    private NbdRequest(
            NbdCommand command, int flags, long offset, int length, ByteBuffer[] source, ByteBuffer destination) {
        this.command = command;
        this.flags = flags;
        this.offset = offset;
        this.length = length;
        this.source = source;
        this.destination = destination;
    }

    /** Asks for bytes, as many as the destination has room for. */
    public static NbdRequest read(long offset, ByteBuffer destination) {
        ByteBuffer room = destination.slice();
        return new NbdRequest(NbdCommand.READ, 0, offset, room.capacity(), NO_DATA, room);
    }

    /** Writes bytes. */
    public static NbdRequest write(long offset, int length, ByteBuffer[] source, boolean fua) {
        return new NbdRequest(NbdCommand.WRITE, fua ? NbdCommand.FUA : 0, offset, length, source, null);
    }

    /** Has all that was written before put on stable storage. */
    public static NbdRequest flush() {
        return new NbdRequest(NbdCommand.FLUSH, 0, 0, 0, NO_DATA, null);
    }

    /** Makes bytes zeros; {@code flags} are those of {@link NbdCommand}. */
    public static NbdRequest zeroes(long offset, int length, int flags) {
        return new NbdRequest(NbdCommand.WRITE_ZEROES, flags, offset, length, NO_DATA, null);
    }

    /** Asks which bytes have space. */
    public static NbdRequest blockStatus(long offset, int length) {
        return new NbdRequest(NbdCommand.BLOCK_STATUS, 0, offset, length, NO_DATA, null);
    }

    Thread origin() {
        return origin;
    }

    NbdCommand command() {
        return command;
    }

    int flags() {
        return flags;
    }

    long offset() {
        return offset;
    }

    int length() {
        return length;
    }

    ByteBuffer[] source() {
        return source;
    }

    /** Returns whether its success leaves something in a cache of the server. */
    boolean leavesCached() {
        return command.changes() && (flags & NbdCommand.FUA) == 0;
    }

    long covers() {
        return covers;
    }

    /** It is about to be sent, perhaps anew: nothing has been answered. */
    void begin(long changes) {
        sendings++;
        coverage.reset();
        extentCount = 0;
        allocationTold = false;
        error = null;
        sent = false;
        replied = false;
        covers = changes;
    }

    /** Returns how often it was sent. */
    int sendings() {
        return sendings;
    }

    /** Returns where bytes of a read go that begin at an offset of the store, which were announced and have come never before. */
    ByteBuffer room(long at, int bytes) throws NbdProtocolException {
        if (command != NbdCommand.READ || bytes < 1 || at < offset || at - offset > length - bytes) {
            throw new NbdProtocolException("data that nobody has asked for");
        }
        int from = (int) (at - offset);
        if (!coverage.add(from, bytes)) {
            throw new NbdProtocolException("the same data twice");
        }
        return destination.limit(from + bytes).position(from);
    }

    /** A read finds nothing but zeros somewhere. */
    void hole(long at, int bytes) throws NbdProtocolException {
        ByteBuffer room = room(at, bytes);
        while (room.remaining() >= Long.BYTES) {
            room.putLong(0);
        }
        while (room.hasRemaining()) {
            room.put((byte) 0);
        }
    }

    void beginExtents() throws NbdProtocolException {
        if (command != NbdCommand.BLOCK_STATUS || allocationTold) {
            throw new NbdProtocolException("a status of blocks that nobody has asked for");
        }
        allocationTold = true;
    }

    void extent(int bytes, int status) throws NbdProtocolException {
        if (bytes == 0) {
            throw new NbdProtocolException("a status of no blocks");
        }
        if (extentCount == MOST_EXTENTS) {
            return;
        }
        if (extentCount == extents.length) {
            extents = Arrays.copyOf(extents, Math.max(16, 2 * extents.length));
        }
        extents[extentCount++] = Integer.toUnsignedLong(bytes) << Integer.SIZE | Integer.toUnsignedLong(status);
    }

    /** Returns the runs that were told, once the stage has completed: bytes in the upper half, the status in the lower. */
    public long[] extents() {
        return Arrays.copyOf(extents, extentCount);
    }

    void fail(NbdError reason) {
        error = error == null ? reason : error;
    }

    NbdError error() {
        return error;
    }

    /** The last part of the reply has come. */
    void requireComplete() throws NbdProtocolException {
        boolean complete = error != null
                || switch (command) {
                    case READ -> coverage.isComplete(length);
                    case BLOCK_STATUS -> allocationTold;
                    default -> true;
                };
        if (!complete) {
            throw new NbdProtocolException("the end of a reply without all that it has to bring");
        }
    }

    /** Returns whether it is over now that all of it was sent. */
    boolean sent() {
        sent = true;
        return replied;
    }

    /** Returns whether it is over now that it was answered. */
    boolean replied() {
        replied = true;
        return sent;
    }

    /** Returns whether all of an answer has come since it was begun. */
    boolean isReplied() {
        return replied;
    }

    /** Ends it as the server has said. */
    void end(String server) {
        if (error == null) {
            complete(null);
        } else {
            completeExceptionally(new BackstoreException(
                    error.fault(command), "the NBD server " + server + " answers " + command + " with " + error));
        }
    }
}
