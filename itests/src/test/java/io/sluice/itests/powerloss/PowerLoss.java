package io.sluice.itests.powerloss;

import io.sluice.itests.powerloss.WriteLog.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/**
 * Makes what may be on a disk after it has lost its power somewhere in a log: all that was flushed, and of what was not any
 * part, one request of it perhaps only in some of its sectors. Of requests for the same place the later one is never under
 * the earlier one, because a disk has only the last one in its cache.
 */
public final class PowerLoss {

    private final List<Entry> entries;
    private final int unit;
    private final Random random;

    /** What all cuts that come have in common. */
    private final byte[] flushed;

    private int flushedEntries;

    /**
     * @param bytes of the disk, which began as zeros
     * @param unit bytes that a disk writes whole or not at all
     */
    public PowerLoss(WriteLog log, int bytes, int unit, Random random) {
        this.entries = log.entries();
        this.flushed = new byte[bytes];
        this.unit = unit;
        this.random = random;
    }

    /**
     * Returns what is on the disk.
     *
     * @param cut how many requests there had been; at least as many as in the call before
     */
    public ByteBuffer at(int cut) {
        flush(cut);
        byte[] image = flushed.clone();
        int share = random.nextInt(5);
        int torn = flushedEntries + random.nextInt(Math.max(1, cut - flushedEntries));
        for (int i = flushedEntries; i < cut; i++) {
            Entry entry = entries.get(i);
            if (entry.data() == null) {
                continue;
            }
            if (entry.stable() || random.nextInt(4) < share) {
                boolean whole = entry.stable() || i != torn;
                write(image, entry, whole);
            }
        }
        return ByteBuffer.wrap(image);
    }

    private void flush(int cut) {
        for (int last = cut - 1; last >= flushedEntries; last--) {
            if (entries.get(last).flushes()) {
                for (Entry entry : entries.subList(flushedEntries, last + 1)) {
                    write(flushed, entry, true);
                }
                flushedEntries = last + 1;
                return;
            }
        }
    }

    private void write(byte[] image, Entry entry, boolean whole) {
        ByteBuffer data = entry.data();
        if (data == null) {
            return;
        }
        for (int at = 0; at < data.limit(); at += unit) {
            if (whole || random.nextBoolean()) {
                data.get(at, image, entry.offset() + at, Math.min(unit, data.limit() - at));
            }
        }
    }
}
