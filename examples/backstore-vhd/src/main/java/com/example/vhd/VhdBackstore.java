package com.example.vhd;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.BlockingBackstore;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The blocks of one VHD. What waits is in four plain methods, which {@link BlockingBackstore} runs on threads of the gateway;
 * what is left is to say which kind of failure an {@link IOException} is.
 */
final class VhdBackstore extends BlockingBackstore implements AllocatedSpace {

    private final OpenVhd open;
    private final BlockGeometry geometry;
    private final BackstoreContext context;

    /** Healthy until a flush fails. */
    private volatile BackstoreHealth health = BackstoreHealth.HEALTHY;

    /** @param open closed with the store */
    VhdBackstore(OpenVhd open, BlockGeometry geometry, BackstoreContext context) {
        super(context);
        this.open = open;
        this.geometry = geometry;
        this.context = context;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public BackstoreHealth health() {
        return health;
    }

    /** A fixed disk has all of its space from the start, which is no news to anybody. */
    @Override
    public <A> A ability(Class<A> kind) {
        return kind == AllocatedSpace.class && !open.vhd().isDynamic() ? null : super.ability(kind);
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return CompletableFuture.completedFuture(open.vhd().allocatedBytes());
    }

    @Override
    protected void readAt(long offsetBytes, ByteBuffer destination) throws BackstoreException {
        try {
            open.vhd().read(offsetBytes, destination);
        } catch (IOException failed) {
            throw failure(Fault.READ_FAILED, "read", failed);
        }
    }

    @Override
    protected void writeAt(long offsetBytes, ByteBuffer source) throws BackstoreException {
        requireWritable();
        try {
            open.vhd().write(offsetBytes, source);
        } catch (IOException failed) {
            throw failure(isFull() ? Fault.OUT_OF_SPACE : Fault.WRITE_FAILED, "written", failed);
        }
    }

    /** Java does not say that a file system is full otherwise than in the language of the machine. */
    private boolean isFull() {
        try {
            return Files.getFileStore(open.path()).getUsableSpace() < DynamicHeader.USUAL_BLOCK_BYTES;
        } catch (IOException unknown) {
            return false;
        }
    }

    private void requireWritable() throws BackstoreException {
        if (!open.writable()) {
            throw new BackstoreException(Fault.WRITE_PROTECTED, open.path() + " is open for reading only");
        }
        if (health != BackstoreHealth.HEALTHY) {
            throw new BackstoreException(Fault.WRITE_FAILED, health.reason());
        }
    }

    /** Once this has failed the kernel has forgotten what it could not write: no later flush may say that all is well. */
    @Override
    protected void flushAll() throws BackstoreException {
        if (!open.writable()) {
            return;
        }
        requireWritable();
        try {
            open.vhd().flush();
        } catch (IOException failed) {
            health = new BackstoreHealth(
                    BackstoreHealth.State.READ_ONLY,
                    "a flush of " + open.path() + " failed (" + failed.getMessage()
                            + "), and what was written since the last good one may be lost: check the disk");
            context.raise(BackstoreEvent.HEALTH_CHANGED);
            throw failure(Fault.WRITE_FAILED, "flushed", failed);
        }
    }

    @Override
    protected void release() throws BackstoreException {
        try (OpenVhd closing = open) {
            flushAll();
        } catch (IOException failed) {
            throw failure(Fault.WRITE_FAILED, "closed", failed);
        }
    }

    private BackstoreException failure(Fault fault, String what, IOException cause) {
        return new BackstoreException(fault, open.path() + " cannot be " + what + ": " + cause.getMessage(), cause);
    }
}
