package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Gives a file the space of all of its bytes, so that no write fails for lack of it. Every call may wait. */
final class Reservation {

    static final String OPTION = "preallocate";

    private static final int PIECE_BYTES = 1 << 20;

    private final FileChannel channel;
    private final NativeFile file;
    private final Watch watch;

    /** @param file the same file, or null where Java alone has to do */
    Reservation(FileChannel channel, NativeFile file) {
        this(channel, file, Watch.NONE);
    }

    /**
     * @param file the same file, or null where Java alone has to do
     * @param watch asked between two pieces whether the space is still wanted
     */
    Reservation(FileChannel channel, NativeFile file, Watch watch) {
        this.channel = channel;
        this.file = file;
        this.watch = watch;
    }

    static void check(BackstoreConfig config) throws ConfigException {
        String value = config.options().getOrDefault(OPTION, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new ConfigException("option " + OPTION + " is true or false, not '" + value + "'");
        }
    }

    /** Returns whether a backstore is to have its space from the beginning: if it is thick, or says so itself. */
    static boolean isAskedFor(BackstoreConfig config) {
        return !config.thin() || Boolean.parseBoolean(config.options().get(OPTION));
    }

    /**
     * Makes a file longer and gives it the space of all of its bytes, those that it had included; where the file system cannot
     * do that, zeros are written behind the end. If it fails, the file is as long as before.
     */
    void grow(long wantedBytes) throws IOException {
        long present = channel.size();
        try {
            if (!reserve(wantedBytes)) {
                writeZeros(present, wantedBytes);
            } else if (present < wantedBytes) {
                channel.write(ByteBuffer.allocate(1), wantedBytes - 1);
            }
        } catch (IOException failed) {
            giveBackBehind(present, failed);
            throw failed;
        }
    }

    /** Gives the first bytes of a file their space without making it longer; returns false where that cannot be done. */
    boolean reserve(long bytes) throws IOException {
        if (file == null) {
            return false;
        }
        try {
            file.reserve(0, bytes);
            return true;
        } catch (NotSupportedException never) {
            return false;
        }
    }

    private void writeZeros(long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(PIECE_BYTES, Math.max(0, to - from)));
        for (long offset = from; offset < to; ) {
            if (watch.isCancelled()) {
                throw new IOException("it was stopped before all was written");
            }
            watch.progress((double) offset / to);
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - offset));
            offset += channel.write(zeros, offset);
        }
    }

    private void giveBackBehind(long sizeBytes, IOException failure) {
        try {
            if (file != null) {
                file.cutAt(sizeBytes);
            } else {
                channel.truncate(sizeBytes);
            }
        } catch (IOException refused) {
            failure.addSuppressed(refused);
        }
    }
}
