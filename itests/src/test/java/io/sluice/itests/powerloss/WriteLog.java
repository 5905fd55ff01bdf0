package io.sluice.itests.powerloss;

import io.sluice.testkit.durability.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a disk was told to do, in the order in which it was told, as QEMU's driver blklogwrites and the device mapper's target
 * log-writes write it down: a super block, then an entry for each request with its data behind it, all little-endian and in
 * whole sectors.
 *
 * <p>Super block: magic, version, number of entries (8 bytes each), bytes of a sector (4). Entry: first sector, number of
 * sectors, flags, number of bytes that follow in the entry itself (8 each).
 */
public final class WriteLog {

    private static final long MAGIC = 0x6a73_6677_7368_72L;
    private static final int FLUSH = 1;
    private static final int FUA = 2;
    private static final int DISCARD = 4;

    private final List<Entry> entries = new ArrayList<>();

    /**
     * A request.
     *
     * @param offset of its first byte on the disk
     * @param data what is written; zeros for a discard; null if nothing is
     * @param flushes whether everything that was written before is on stable storage when it has ended
     * @param stable whether its own data is, at least
     * @param end where the next one begins in the log
     */
    public record Entry(int offset, ByteBuffer data, boolean flushes, boolean stable, long end) {}

    /** Reads a log that nobody writes to any more. */
    public static WriteLog read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new WriteLog(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    WriteLog(ByteBuffer bytes) throws IOException {
        ByteBuffer log = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (log.remaining() < Integer.BYTES * 7 || log.getLong(0) != MAGIC || log.getLong(8) != 1) {
            throw new IOException("no log of writes, version 1");
        }
        long count = log.getLong(16);
        int sector = log.getInt(24);
        int at = sector;
        for (long i = 0; i < count; i++) {
            long flags = log.getLong(at + 16);
            int offset = Math.toIntExact(log.getLong(at) * sector);
            int length = Math.toIntExact(log.getLong(at + 8) * sector);
            at += sector;
            if ((flags & DISCARD) != 0) {
                entries.add(new Entry(offset, ByteBuffer.allocate(length), false, false, at));
            } else {
                ByteBuffer data = length == 0 ? null : log.slice(at, length);
                at += length;
                entries.add(new Entry(offset, data, (flags & FLUSH) != 0, (flags & FUA) != 0, at));
            }
        }
    }

    /** Returns all requests. */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * Returns for each request the newest of the writes that had come as far as the disk by then, at least in part, by the
     * stamps in what is written.
     *
     * @param blockBytes bytes of a block, at the beginning of which a stamp may be
     */
    public long[] reached(int blockBytes) {
        long[] reached = new long[entries.size()];
        long newest = 0;
        for (int i = 0; i < reached.length; i++) {
            ByteBuffer data = entries.get(i).data();
            for (int at = 0; data != null && at + blockBytes <= data.limit(); at += blockBytes) {
                long sequence = Stamp.read(data.slice(at, blockBytes))
                        .map(Stamp::sequence)
                        .orElse(0L);
                newest = Math.max(newest, sequence);
            }
            reached[i] = newest;
        }
        return reached;
    }

    /** Returns how many requests there had been when the log was that long. */
    public int within(long bytes) {
        return (int) entries.stream().takeWhile(entry -> entry.end() <= bytes).count();
    }

    /** Returns how many requests put everything on stable storage. */
    public long flushes() {
        return entries.stream().filter(Entry::flushes).count();
    }
}
