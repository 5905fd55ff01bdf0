package com.example.skeleton;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.BlockingBackstore;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The blocks of one disk, one behind the other in a file. Put your storage in its place. */
final class SkeletonBackstore extends BlockingBackstore {

    private final FileChannel file;
    private final BlockGeometry geometry;

    SkeletonBackstore(FileChannel file, BlockGeometry geometry, BackstoreContext context) {
        super(context);
        this.file = file;
        this.geometry = geometry;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    protected void readAt(long offsetBytes, ByteBuffer destination) throws BackstoreException {
        try {
            for (long at = offsetBytes; destination.hasRemaining(); ) {
                int length = file.read(destination, at);
                if (length < 0) {
                    throw new IOException("the file ends at " + at);
                }
                at += length;
            }
        } catch (IOException failed) {
            throw new BackstoreException(Fault.READ_FAILED, "cannot be read: " + failed.getMessage(), failed);
        }
    }

    @Override
    protected void writeAt(long offsetBytes, ByteBuffer source) throws BackstoreException {
        try {
            for (long at = offsetBytes; source.hasRemaining(); ) {
                at += file.write(source, at);
            }
        } catch (IOException failed) {
            throw new BackstoreException(Fault.WRITE_FAILED, "cannot be written: " + failed.getMessage(), failed);
        }
    }

    @Override
    protected void flushAll() throws BackstoreException {
        try {
            file.force(true);
        } catch (IOException failed) {
            throw new BackstoreException(Fault.WRITE_FAILED, "cannot be flushed: " + failed.getMessage(), failed);
        }
    }

    @Override
    protected void release() throws BackstoreException {
        try (FileChannel closing = file) {
            flushAll();
        } catch (IOException failed) {
            throw new BackstoreException(Fault.WRITE_FAILED, "cannot be closed: " + failed.getMessage(), failed);
        }
    }
}
