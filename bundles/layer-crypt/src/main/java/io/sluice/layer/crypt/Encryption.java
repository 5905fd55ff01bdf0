package io.sluice.layer.crypt;

import java.nio.ByteBuffer;

/**
 * Encrypts what is written and decrypts what is read. A unit that was never written, or was given back, is all zeros in the store
 * below and reads as zeros: no unit becomes so by encryption, but for one in 2^4096. Thread-safe.
 */
final class Encryption {

    private final ScratchBuffers buffers = new ScratchBuffers();
    private volatile XtsPool pool;

    Encryption(byte[] dataKey) {
        pool = new XtsPool(dataKey);
    }

    byte[] key() {
        return pool.key();
    }

    /** Goes on with another key; what was encrypted with the one before is noise from now on. */
    void turnTo(byte[] dataKey) {
        XtsPool old = pool;
        pool = new XtsPool(dataKey);
        old.wipe();
    }

    void wipe() {
        pool.wipe();
    }

    /** The key may be another one between two looks. */
    private XtsPool.Worker worker() {
        while (true) {
            XtsPool current = pool;
            XtsPool.Worker worker = current.take();
            if (worker != null) {
                return worker;
            }
            if (current == pool) {
                throw new IllegalStateException("the disk was closed, and its key forgotten");
            }
        }
    }

    /** Returns the encrypted data, whose buffers come back with {@link #giveBack}; the source is left as it is. */
    ByteBuffer[] encrypt(long offsetBytes, ByteBuffer[] source, int length) {
        XtsPool.Worker worker = worker();
        ByteBuffer[] encrypted = buffers.take(length);
        byte[] work = worker.work();
        long unit = offsetBytes / Xts.UNIT;
        Gathering plain = new Gathering(source);
        for (ByteBuffer chunk : encrypted) {
            int bytes = chunk.remaining();
            plain.get(work, bytes);
            worker.xts().encrypt(unit, work, 0, bytes);
            chunk.put(work, 0, bytes).flip();
            unit += bytes / Xts.UNIT;
        }
        worker.giveBack();
        return encrypted;
    }

    void giveBack(ByteBuffer[] encrypted) {
        for (ByteBuffer buffer : encrypted) {
            buffer.clear();
        }
        buffers.giveBack(encrypted);
    }

    /** Decrypts the remaining bytes in place. */
    void decrypt(long offsetBytes, ByteBuffer data) {
        XtsPool.Worker worker = worker();
        byte[] work = worker.work();
        long unit = offsetBytes / Xts.UNIT;
        int end = data.limit();
        for (int at = data.position(); at < end; at += Xts.CHUNK) {
            int bytes = Math.min(Xts.CHUNK, end - at);
            data.get(at, work, 0, bytes);
            decrypt(worker.xts(), unit, work, bytes);
            data.put(at, work, 0, bytes);
            unit += bytes / Xts.UNIT;
        }
        worker.giveBack();
    }

    private static void decrypt(Xts xts, long firstUnit, byte[] work, int bytes) {
        int at = 0;
        while (at < bytes) {
            if (isZero(work, at)) {
                at += Xts.UNIT;
                continue;
            }
            int from = at;
            do {
                at += Xts.UNIT;
            } while (at < bytes && !isZero(work, at));
            xts.decrypt(firstUnit + from / Xts.UNIT, work, from, at - from);
        }
    }

    private static boolean isZero(byte[] work, int from) {
        for (int i = from; i < from + Xts.UNIT; i++) {
            if (work[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Takes bytes out of several buffers, one behind the other, and leaves these as they are. */
    private static final class Gathering {
        private final ByteBuffer[] source;
        private int index;
        private int taken;

        Gathering(ByteBuffer[] source) {
            this.source = source;
        }

        void get(byte[] target, int length) {
            int done = 0;
            while (done < length) {
                ByteBuffer part = source[index];
                int bytes = Math.min(length - done, part.remaining() - taken);
                part.get(part.position() + taken, target, done, bytes);
                done += bytes;
                taken += bytes;
                if (taken == part.remaining()) {
                    index++;
                    taken = 0;
                }
            }
        }
    }
}
