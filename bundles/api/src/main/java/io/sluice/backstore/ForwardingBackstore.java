package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * A store that passes everything on to another: the base of layers that change one thing. It can do what the store below can
 * do and the layer either does itself, by implementing the interface of the ability, or lets {@link #passes pass}: by default
 * nothing, because what bypasses the layer bypasses what it is there for.
 */
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

    /** Returns whether an ability of the store below is used without the layer. */
    protected boolean passes(Class<?> ability) {
        return false;
    }

    @Override
    public BlockGeometry geometry() {
        return delegate.geometry();
    }

    @Override
    public BackstoreLimits limits() {
        return delegate.limits();
    }

    @Override
    public BackstoreHealth health() {
        return delegate.health();
    }

    @Override
    public <A> A ability(Class<A> kind) {
        A below = delegate.ability(kind);
        if (below == null) {
            return null;
        }
        return kind.isInstance(this) ? kind.cast(this) : passes(kind) ? below : null;
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
    public CompletionStage<Void> close() {
        return delegate.close();
    }
}
