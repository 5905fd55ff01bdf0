package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A store that passes everything on to another: the base of layers that change one thing. */
public abstract class ForwardingBackstore implements Backstore {

    private final Backstore delegate;

    /** @param delegate the store below */
    protected ForwardingBackstore(Backstore delegate) {
        this.delegate = Objects.requireNonNull(delegate);
    }

    /** Returns the store below. */
    protected final Backstore delegate() {
        return delegate;
    }

    @Override
    public BlockGeometry geometry() {
        return delegate.geometry();
    }

    @Override
    public Set<Capability> capabilities() {
        return delegate.capabilities();
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return delegate.read(lba, destination);
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return delegate.write(lba, source, durability);
    }

    @Override
    public CompletionStage<Void> flush() {
        return delegate.flush();
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return delegate.unmap(lba, blocks);
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return delegate.writeZeroes(lba, blocks, durability);
    }

    @Override
    public void resize(long blocks) throws BackstoreException {
        delegate.resize(blocks);
    }

    @Override
    public long allocatedBytes() throws BackstoreException {
        return delegate.allocatedBytes();
    }

    @Override
    public BlockExtent extent(long lba, long maxBlocks) throws BackstoreException {
        return delegate.extent(lba, maxBlocks);
    }

    @Override
    public void close() throws BackstoreException {
        delegate.close();
    }
}
