package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** GET LBA STATUS(16) (SBC-4 5.6): which blocks take space, as far as the storage can tell. */
public final class GetLbaStatusCommand implements Command {

    private static final int HEADER = 8;
    private static final int DESCRIPTOR = 16;
    private static final int MAX_DESCRIPTORS = 1024;
    private static final long MAX_BLOCKS = 0xFFFF_FFFFL;

    /** PROVISIONING STATUS: mapped or unknown, and deallocated. */
    private static final int MAPPED = 0;

    private static final int DEALLOCATED = 1;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        Volume store = execution.store();
        BlockGeometry geometry = store.geometry();
        long lba = CdbFormat.CDB16.lba(cdb);
        if (lba < 0 || lba >= geometry.blocks()) {
            throw new CheckConditionException(SenseData.of(Sense.LBA_OUT_OF_RANGE));
        }
        long allocation = CdbFormat.CDB16.length(cdb);
        long room = Math.max(1, Math.min(MAX_DESCRIPTORS, (allocation - HEADER) / DESCRIPTOR));
        boolean knows = execution.unit().provisioned() && store.can(ExtentMap.class);
        execution.atBlocks(lba, geometry.blocks() - lba, () -> {
            if (knows) {
                execution.then(
                        store.extents(lba, geometry.blocks() - lba, (int) room),
                        extents -> execution.respond(report(lba, extents, room), allocation));
            } else {
                List<BlockExtent> rest = List.of(new BlockExtent(geometry.blocks() - lba, true));
                execution.respond(report(lba, rest, room), allocation);
            }
        });
    }

    /** One descriptor for each run of blocks, or several where one cannot count so far. */
    private static byte[] report(long lba, List<BlockExtent> extents, long room) {
        ByteArrayOutputStream descriptors = new ByteArrayOutputStream();
        long from = lba;
        for (BlockExtent extent : extents) {
            long left = extent.blocks();
            while (left > 0 && descriptors.size() / DESCRIPTOR < room) {
                long blocks = Math.min(left, MAX_BLOCKS);
                descriptors.writeBytes(descriptor(from, new BlockExtent(blocks, extent.allocated())));
                from += blocks;
                left -= blocks;
            }
        }
        byte[] data = new byte[HEADER + descriptors.size()];
        Bytes.put32(data, 0, data.length - 4);
        System.arraycopy(descriptors.toByteArray(), 0, data, HEADER, descriptors.size());
        return data;
    }

    private static byte[] descriptor(long lba, BlockExtent extent) {
        byte[] descriptor = new byte[DESCRIPTOR];
        Bytes.put64(descriptor, 0, lba);
        Bytes.put32(descriptor, 8, extent.blocks());
        descriptor[12] = (byte) (extent.allocated() ? MAPPED : DEALLOCATED);
        return descriptor;
    }
}
