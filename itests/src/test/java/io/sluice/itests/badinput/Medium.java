package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** All blocks of a unit, as a host that has nothing to do with an attempt sees them before and after it. */
final class Medium {

    private static final int PIECE_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final World world;
    private final String target;
    private final long lun;
    private final int blockSize;
    private final int blocks;
    private byte[] known;

    private Medium(World world, String target, long lun, int blockSize, int blocks) {
        this.world = world;
        this.target = target;
        this.lun = lun;
        this.blockSize = blockSize;
        this.blocks = blocks;
    }

    /** Looks at LUN 0 of the target that attempts are made at, after it has been filled with what differs from block to block. */
    static Medium attacked(World world) throws IOException {
        return filled(world, World.TARGET, 0, World.BLOCK, World.BLOCKS);
    }

    /** Fills a unit and looks at it. */
    static Medium filled(World world, String target, int lun, int blockSize, int blocks) throws IOException {
        Medium medium = new Medium(world, target, (long) lun << 48, blockSize, blocks);
        medium.fill();
        return medium;
    }

    private void fill() throws IOException {
        known = new byte[blockSize * blocks];
        for (int i = 0; i < known.length; i++) {
            known[i] = (byte) (1 + (i / blockSize * 7 + i) % 251);
        }
        try (TestInitiator host = host()) {
            int piece = PIECE_BYTES / blockSize;
            for (int lba = 0; lba < blocks; lba += piece) {
                int count = Math.min(piece, blocks - lba);
                host.write10(lun, lba, block(lba, count), blockSize);
            }
        }
    }

    private TestInitiator host() throws IOException {
        TestInitiator host = world.connect(PATIENCE).login(target);
        while (host.execute(lun, Cdb.testUnitReady(), null, 0).status() != 0) {
            // One unit attention after the other.
        }
        return host;
    }

    /** Returns what is known of some blocks. */
    byte[] block(int lba, int count) {
        return Arrays.copyOfRange(known, lba * blockSize, (lba + count) * blockSize);
    }

    /** Says that some blocks have been changed, so that all bytes of them have a value now. */
    void changed(int lba, int count, int value) {
        Arrays.fill(known, lba * blockSize, (lba + count) * blockSize, (byte) value);
    }

    /** Says what some blocks have been changed to. */
    void changed(int lba, byte[] data) {
        System.arraycopy(data, 0, known, lba * blockSize, data.length);
    }

    /** Fails unless what was read from a place is what is known of it. */
    void expectAt(long offset, byte[] seen) {
        int from = (int) offset;
        if (!Arrays.equals(known, from, from + seen.length, seen, 0, seen.length)) {
            throw new AssertionError("wrong data of block " + offset / blockSize);
        }
    }

    /** Fails if any block is other than it is known to be. */
    void expectKnown() throws IOException {
        try (TestInitiator host = host()) {
            int piece = PIECE_BYTES / blockSize;
            for (int lba = 0; lba < blocks; lba += piece) {
                int count = Math.min(piece, blocks - lba);
                byte[] seen = host.read10(lun, lba, count, blockSize);
                int wrong = Arrays.mismatch(seen, block(lba, count));
                if (wrong >= 0) {
                    throw new AssertionError("block " + (lba + wrong / blockSize) + " has changed");
                }
            }
        }
    }
}
