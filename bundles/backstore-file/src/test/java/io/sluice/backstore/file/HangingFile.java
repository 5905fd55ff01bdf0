package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A file of which gathered writes behave as on a file system that is frozen: they end when it is thawed. */
final class HangingFile extends NativeFile {

    private final NativeFile below;
    private final CountDownLatch thawed = new CountDownLatch(1);

    /** One permit for each write that has begun. */
    final Semaphore begun = new Semaphore(0);

    /** Writes at offsets below this hang. */
    volatile long hangingBytes = Long.MAX_VALUE;

    private HangingFile(NativeFile below) {
        super(-1);
        this.below = below;
    }

    static HangingFile open(Path path) throws IOException {
        return new HangingFile(NativeFile.open(path, true));
    }

    void thaw() {
        thawed.countDown();
    }

    @Override
    int write(long offset, ByteBuffer[] source, int bytes) throws IOException {
        begun.release();
        try {
            if (offset < hangingBytes && !thawed.await(60, TimeUnit.SECONDS)) {
                throw new IOException("never thawed");
            }
        } catch (InterruptedException interrupted) {
            throw new IOException(interrupted);
        }
        return below.write(offset, source, bytes);
    }

    @Override
    boolean promisesNotToWait() {
        return below.promisesNotToWait();
    }

    @Override
    int readCached(long offset, ByteBuffer destination) {
        return below.readCached(offset, destination);
    }

    @Override
    PageResidency residency(long length) throws IOException {
        return below.residency(length);
    }

    @Override
    public void close() throws IOException {
        below.close();
    }
}
