package io.sluice.testkit.durability;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads a whole disk through the target and has it judged. */
public final class DiskAudit {

    private static final int PIECE_BYTES = 256 << 10;
    private static final int NUMBER = 9999;

    private final byte[] content;
    private final int blockBytes;

    private DiskAudit(DiskModel model) {
        blockBytes = model.blockBytes();
        content = new byte[Math.toIntExact(model.blocks() * blockBytes)];
    }

    /**
     * Reads the disk, flushes it and judges what was there; nothing may be under way. If nothing is torn, the model goes on
     * from what was found.
     */
    public static Damage run(Recording.Setup setup, DiskModel model, Rule rule) throws IOException {
        DiskAudit audit = new DiskAudit(model);
        try (TestInitiator initiator = Recording.logIn(setup, NUMBER)) {
            audit.read(initiator, setup.lun());
            initiator.execute(setup.lun(), Cdb.synchronizeCache10(), null, 0).expectGood();
            initiator.leave();
        }
        Damage damage = model.check(audit::block, rule, Long.MAX_VALUE);
        if (damage.count(Verdict.TORN) == 0) {
            model.settle(audit::block);
        }
        return damage;
    }

    private void read(TestInitiator initiator, long lun) throws IOException {
        int blocks = PIECE_BYTES / blockBytes;
        for (int at = 0; at < content.length; at += PIECE_BYTES) {
            int count = Math.min(blocks, (content.length - at) / blockBytes);
            byte[] piece = initiator.read10(lun, at / blockBytes, count, blockBytes);
            System.arraycopy(piece, 0, content, at, piece.length);
        }
    }

    private ByteBuffer block(long lba) {
        return ByteBuffer.wrap(content, (int) lba * blockBytes, blockBytes);
    }
}
