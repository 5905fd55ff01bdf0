package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel on which every transfer is short, and reads, writes and forces fail when told to. */
final class FaultyChannel extends FileChannel {

    private static final int MOST_BYTES = 1000;

    private final FileChannel delegate;
    volatile IOException readFailure;
    volatile IOException writeFailure;
    volatile IOException forceFailure;
    private volatile IOException failure;
    private volatile int callToFail = -1;
    private volatile int calls;
    volatile boolean takesNothing;
    volatile int forces;
    volatile int longestWrite;

    FaultyChannel(FileChannel delegate) {
        this.delegate = delegate;
    }

    private interface Transfer {
        int apply(ByteBuffer part) throws IOException;
    }

    /** Fails one call of any kind. */
    void failAt(int call, IOException why) {
        callToFail = call;
        failure = why;
    }

    /** Returns how many calls there were. */
    int calls() {
        return calls;
    }

    private void count() throws IOException {
        if (calls++ == callToFail) {
            throw failure;
        }
    }

    private static int shortened(ByteBuffer buffer, IOException failure, Transfer transfer) throws IOException {
        if (failure != null) {
            throw failure;
        }
        int length = Math.min(buffer.remaining(), MOST_BYTES);
        int done = transfer.apply(buffer.slice(buffer.position(), length));
        buffer.position(buffer.position() + Math.max(done, 0));
        return done;
    }

    @Override
    public int read(ByteBuffer destination, long position) throws IOException {
        count();
        return shortened(destination, readFailure, part -> delegate.read(part, position));
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        count();
        if (takesNothing) {
            return 0;
        }
        longestWrite = Math.max(longestWrite, source.remaining());
        return shortened(source, writeFailure, part -> delegate.write(part, position));
    }

    @Override
    public void force(boolean metaData) throws IOException {
        forces++;
        count();
        if (forceFailure != null) {
            // As the kernel does it: the second time there is nothing left to complain about.
            IOException once = forceFailure;
            forceFailure = null;
            throw once;
        }
        delegate.force(metaData);
    }

    @Override
    public long size() throws IOException {
        return delegate.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
        delegate.close();
    }

    @Override
    public int read(ByteBuffer destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] destinations, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw new UnsupportedOperationException();
    }
}
