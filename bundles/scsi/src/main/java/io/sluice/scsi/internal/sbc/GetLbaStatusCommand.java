package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.io.ByteArrayOutputStream;

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
        Backstore store = execution.store();
        BlockGeometry geometry = store.geometry();
        long lba = CdbFormat.CDB16.lba(cdb);
        if (lba < 0 || lba >= geometry.blocks()) {
            throw new CheckConditionException(SenseData.of(Sense.LBA_OUT_OF_RANGE));
        }
        long allocation = CdbFormat.CDB16.length(cdb);
        long room = Math.max(1, Math.min(MAX_DESCRIPTORS, (allocation - HEADER) / DESCRIPTOR));
        boolean knows = execution.unit().provisioned() && store.capabilities().contains(Capability.ALLOCATION_MAP);
        execution.atBlocks(lba, geometry.blocks() - lba, () -> {
            ByteArrayOutputStream descriptors = new ByteArrayOutputStream();
            long from = lba;
            while (from < geometry.blocks() && descriptors.size() / DESCRIPTOR < room) {
                BlockExtent extent = extent(store, from, geometry, knows);
                descriptors.writeBytes(descriptor(from, extent));
                from += extent.blocks();
            }
            byte[] data = new byte[HEADER + descriptors.size()];
            Bytes.put32(data, 0, data.length - 4);
            System.arraycopy(descriptors.toByteArray(), 0, data, HEADER, descriptors.size());
            execution.respond(data, allocation);
        });
    }

    /** Returns the run of blocks of one kind that begins at an LBA, as far as one descriptor goes. */
    private static BlockExtent extent(Backstore store, long from, BlockGeometry geometry, boolean knows)
            throws CheckConditionException {
        long rest = Math.min(MAX_BLOCKS, geometry.blocks() - from);
        if (!knows) {
            return new BlockExtent(rest, true);
        }
        try {
            return store.extent(from, rest);
        } catch (BackstoreException failed) {
            throw new CheckConditionException(Sense.UNRECOVERED_READ_ERROR);
        }
    }

    private static byte[] descriptor(long lba, BlockExtent extent) {
        byte[] descriptor = new byte[DESCRIPTOR];
        Bytes.put64(descriptor, 0, lba);
        Bytes.put32(descriptor, 8, extent.blocks());
        descriptor[12] = (byte) (extent.allocated() ? MAPPED : DEALLOCATED);
        return descriptor;
    }
}
