package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import java.util.ArrayList;
import java.util.List;

/** EXTENDED COPY(LID1) (SPC-5 6.6): copies blocks between units that the initiator's host reaches. */
public final class ExtendedCopyCommand implements Command {

    static final int MAX_TARGETS = 16;
    static final int MAX_SEGMENTS = 64;
    static final int BLOCK_TO_BLOCK = 0x02;
    static final int SEGMENT_LENGTH = 28;

    /** Bytes of all descriptors together. */
    static final int MAX_LIST_LENGTH = MAX_TARGETS * CopyDescriptor.LENGTH + MAX_SEGMENTS * SEGMENT_LENGTH + 512;

    /** Bytes of one segment: the number of blocks has 16 bits, and a block may have 64 KiB. */
    static final long MAX_SEGMENT_BYTES = 0xFFFFL * 512;

    private static final int HEADER = 16;
    private static final int DESTINATION_COUNT = 0x02;
    private static final int NO_LIST_ID = 0x18;
    private static final int DISCARD = 0x10;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        long length = Bytes.u32(execution.cdb(), 10);
        if (length == 0) {
            execution.good();
            return;
        }
        if (length < HEADER || length > HEADER + MAX_LIST_LENGTH) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        execution.receiveParameters((int) length, list -> copy(execution, list));
    }

    private static void copy(Execution execution, byte[] list) throws CheckConditionException {
        int targetsLength = Bytes.u16(list, 2);
        long segmentsLength = Bytes.u32(list, 8);
        long inline = Bytes.u32(list, 12);
        if (HEADER + targetsLength + segmentsLength + inline > list.length
                || targetsLength + segmentsLength > MAX_LIST_LENGTH) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        if (targetsLength / CopyDescriptor.LENGTH > MAX_TARGETS) {
            throw new CheckConditionException(Sense.TOO_MANY_TARGET_DESCRIPTORS);
        }
        if (segmentsLength / SEGMENT_LENGTH > MAX_SEGMENTS) {
            throw new CheckConditionException(Sense.TOO_MANY_SEGMENT_DESCRIPTORS);
        }
        if (targetsLength % CopyDescriptor.LENGTH != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(2, -1));
        }
        if (inline != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(12, -1));
        }
        List<BlockDevice> targets = targets(execution, list, targetsLength);
        int first = HEADER + targetsLength;
        List<Copy.Segment> segments = segments(execution.mapping(), list, first, first + (int) segmentsLength, targets);
        perform(execution, list, segments);
    }

    private static List<BlockDevice> targets(Execution execution, byte[] list, int length)
            throws CheckConditionException {
        List<BlockDevice> targets = new ArrayList<>();
        for (int offset = HEADER; offset < HEADER + length; offset += CopyDescriptor.LENGTH) {
            targets.add(CopyDescriptor.find(list, offset, execution.mapping()));
        }
        return targets;
    }

    private static List<Copy.Segment> segments(
            LunMapping asking, byte[] list, int from, int to, List<BlockDevice> targets)
            throws CheckConditionException {
        List<Copy.Segment> segments = new ArrayList<>();
        for (int offset = from; offset < to; offset += SEGMENT_LENGTH) {
            if (Bytes.u8(list, offset) != BLOCK_TO_BLOCK) {
                throw new CheckConditionException(Sense.UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE);
            }
            if (to - offset < SEGMENT_LENGTH || Bytes.u16(list, offset + 2) != SEGMENT_LENGTH - 4) {
                throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + 2, -1));
            }
            LunMapping source = way(asking, targets, Bytes.u16(list, offset + 4), false);
            LunMapping destination = way(asking, targets, Bytes.u16(list, offset + 6), true);
            boolean counted = (list[offset + 1] & DESTINATION_COUNT) != 0;
            int blockSize = (counted ? destination : source).unit().geometry().blockSize();
            long bytes = (long) Bytes.u16(list, offset + 10) * blockSize;
            Copy.Segment segment = new Copy.Segment(
                    source, Bytes.s64(list, offset + 12), destination, Bytes.s64(list, offset + 20), bytes);
            check(segment);
            segments.add(segment);
        }
        return segments;
    }

    private static LunMapping way(LunMapping asking, List<BlockDevice> targets, int index, boolean toWrite)
            throws CheckConditionException {
        if (index >= targets.size()) {
            throw new CheckConditionException(Sense.UNREACHABLE_COPY_TARGET);
        }
        BlockDevice wanted = targets.get(index);
        return CopyDescriptor.reach(asking, unit -> unit == wanted, toWrite);
    }

    /** What cannot be copied is refused before the first block is: nothing is half done that need not be. */
    private static void check(Copy.Segment segment) throws CheckConditionException {
        checkRange(segment.from(), segment.fromLba(), segment.bytes());
        checkRange(segment.to(), segment.toLba(), segment.bytes());
        if (segment.to().unit().writeProtected(segment.to())) {
            throw new CheckConditionException(Sense.WRITE_PROTECTED);
        }
    }

    private static void checkRange(LunMapping mapping, long lba, long bytes) throws CheckConditionException {
        Copy.requireWholeBlocks(bytes, mapping);
        if (!mapping.unit()
                .geometry()
                .contains(lba, bytes / mapping.unit().geometry().blockSize())) {
            throw new CheckConditionException(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        }
    }

    private static void perform(Execution execution, byte[] list, List<Copy.Segment> segments) {
        CopyStatus status = new CopyStatus();
        Copy copy = new Copy(execution, segments, null, status);
        boolean held = (list[1] & NO_LIST_ID) < DISCARD;
        if (held) {
            execution.unit().copyOperations().put(execution.nexus(), Bytes.u8(list, 0), status);
        }
        copy.performExtended();
    }
}
