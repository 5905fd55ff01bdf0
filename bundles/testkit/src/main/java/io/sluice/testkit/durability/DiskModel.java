package io.sluice.testkit.durability;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Knows what each block of a disk may hold. Of every command it is told when it is sent and how it ended; a fence is a
 * SYNCHRONIZE CACHE of the whole disk, FUA, or, where the disk has no write cache, every answer. After that a block may hold
 * what was there at the fence or anything that was sent later, answered or not; of commands that were under way at the same
 * time it may hold either.
 *
 * <p>Every event takes a number from a clock that models of several disks may share. The number of a write is in its stamps.
 * So when power is lost at some point of a log of the medium, the highest number in the stamps before that point tells how
 * far the world had come: whatever was answered before that number was answered before the power was lost.
 *
 * <p>Safe for use by several threads. Without history its memory is bounded by what is sent between two fences.
 */
public final class DiskModel {

    private final int lun;
    private final int blockBytes;
    private final long blocks;
    private final boolean writeCache;
    private final boolean history;
    private final AtomicLong clock;
    private final Map<Long, BlockHistory> histories = new HashMap<>();
    private final Queue<Write> unfenced = new ArrayDeque<>();
    private final List<Write> atomics = new ArrayList<>();

    /**
     * @param lun number of the disk, for its stamps
     * @param blocks how many blocks of it are looked at, from the first one; they begin as zeros
     * @param writeCache whether an answer says nothing about the medium (WCE = 1)
     * @param history whether everything is kept, to ask about earlier times
     * @param clock gives the numbers; models that share it can be asked about the same time
     */
    public DiskModel(int lun, int blockBytes, long blocks, boolean writeCache, boolean history, AtomicLong clock) {
        this.lun = lun;
        this.blockBytes = blockBytes;
        this.blocks = blocks;
        this.writeCache = writeCache;
        this.history = history;
        this.clock = clock;
    }

    /** Makes the model of a disk with a clock of its own and without history. */
    public DiskModel(int lun, int blockBytes, long blocks, boolean writeCache) {
        this(lun, blockBytes, blocks, writeCache, false, new AtomicLong());
    }

    public int blockBytes() {
        return blockBytes;
    }

    public long blocks() {
        return blocks;
    }

    /** Returns the number of the last event. */
    public long now() {
        return clock.get();
    }

    /** To be called just before a command that changes blocks is sent. */
    public synchronized Write send(int writer, long lba, int count, Write.Kind kind) {
        if (lba < 0 || lba + count > blocks) {
            throw new IllegalArgumentException("blocks " + lba + " and " + count + " more are not all looked at");
        }
        Write write = new Write(writer, lba, count, kind, clock.incrementAndGet());
        for (long block = lba; block < lba + count; block++) {
            histories.computeIfAbsent(block, any -> new BlockHistory()).add(write);
        }
        if (kind.atomic()) {
            atomics.add(write);
        }
        return write;
    }

    /** Returns the data that the command writes. */
    public byte[] data(Write write) {
        ByteBuffer data = ByteBuffer.allocate(write.blocks() * blockBytes);
        for (int i = 0; i < write.blocks() && !write.kind().zero(); i++) {
            new Stamp(lun, write.lba() + i, write.sequence(), write.writer())
                    .fill(data.slice(i * blockBytes, blockBytes));
        }
        return data.array();
    }

    /** To be called after the command ended with GOOD. */
    public synchronized void acknowledged(Write write) {
        long now = clock.incrementAndGet();
        write.acknowledge(now);
        if (!writeCache || write.kind().stable()) {
            fence(write, now);
        } else {
            unfenced.add(write);
        }
    }

    /** To be called after the command ended otherwise, or when it is certain that it cannot change anything any more. */
    public synchronized void failed(Write write) {
        write.fail(clock.incrementAndGet());
    }

    /** To be called after the target has said that it did nothing, as for a miscompare. */
    public synchronized void refused(Write write) {
        write.refuse(clock.incrementAndGet());
        atomics.remove(write);
    }

    /** To be called just before a SYNCHRONIZE CACHE or a READ is sent; returns what names it. */
    public long sending() {
        return clock.incrementAndGet();
    }

    /** To be called after the SYNCHRONIZE CACHE of all blocks, sent then, ended with GOOD. */
    public synchronized void flushed(long sent) {
        long now = clock.incrementAndGet();
        for (Iterator<Write> each = unfenced.iterator(); each.hasNext(); ) {
            Write write = each.next();
            // They stand in the order of their answers.
            if (!write.holds(Rule.ACKNOWLEDGED, sent)) {
                break;
            }
            each.remove();
            fence(write, now);
        }
    }

    private void fence(Write write, long now) {
        write.fence(now);
        if (history) {
            return;
        }
        atomics.remove(write);
        for (long block = write.lba(); block < write.lba() + write.blocks(); block++) {
            histories.get(block).drop();
        }
    }

    /** Judges the content of a block after the target has died. */
    public Verdict check(long lba, ByteBuffer block) {
        return check(lba, block, Rule.FENCED, Long.MAX_VALUE);
    }

    /**
     * Judges the content of a block: what had to be there by a time has to be there, and what was sent later may be.
     *
     * @param time a number of the clock. After a crash, {@code Long.MAX_VALUE}. For the past, which needs history: when power
     *     was lost, the highest number in the stamps that had come as far as the medium. For a READ, when it was sent; without
     *     history, only while nobody writes to the block
     */
    public synchronized Verdict check(long lba, ByteBuffer block, Rule rule, long time) {
        Stamp content = Stamp.read(block).orElse(null);
        return content == null ? Verdict.TORN : judge(lba, content, rule, time);
    }

    private Verdict judge(long lba, Stamp content, Rule rule, long time) {
        if (!content.equals(Stamp.ZERO)) {
            if (content.lun() != lun || content.lba() != lba) {
                return Verdict.FOREIGN;
            }
            if (content.sequence() > clock.get()) {
                return Verdict.NEVER_WRITTEN;
            }
        }
        BlockHistory found = histories.get(lba);
        if (found == null) {
            return content.equals(Stamp.ZERO) ? Verdict.INTACT : Verdict.NEVER_WRITTEN;
        }
        return found.judge(content, rule, time);
    }

    /**
     * Judges a whole disk, and whether its atomic writes are there as a whole or not at all.
     *
     * @param time as for a single block
     */
    public synchronized Damage check(Image image, Rule rule, long time) {
        Damage damage = new Damage();
        Stamp[] contents = new Stamp[Math.toIntExact(blocks)];
        for (int lba = 0; lba < blocks; lba++) {
            contents[lba] = Stamp.read(image.block(lba)).orElse(null);
            damage.add(lba, contents[lba] == null ? Verdict.TORN : judge(lba, contents[lba], rule, time));
        }
        atomics.stream()
                .filter(write -> isTorn(write, contents))
                .forEach(write -> damage.add(write.lba(), Verdict.TORN));
        return damage;
    }

    private boolean isTorn(Write write, Stamp[] contents) {
        boolean there = false;
        boolean missing = false;
        for (int lba = (int) write.lba(); lba < write.lba() + write.blocks(); lba++) {
            if (contents[lba] != null) {
                there |= contents[lba].sequence() == write.sequence();
                missing |= histories.get((long) lba).isOlder(contents[lba], write);
            }
        }
        return there && missing;
    }

    /** The content of a disk. */
    @FunctionalInterface
    public interface Image {
        /** Returns the bytes of a block. */
        ByteBuffer block(long lba);
    }

    /**
     * Begins anew with what was found on the disk. Nothing may be under way, and the disk must have been flushed since it was
     * read.
     */
    public synchronized void settle(Image image) {
        unfenced.clear();
        atomics.clear();
        histories.forEach((lba, found) ->
                found.settle(Stamp.read(image.block(lba)).orElseThrow(() -> new IllegalStateException("torn"))));
    }
}
