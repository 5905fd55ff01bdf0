package io.sluice.scsi.internal.spc;

import io.sluice.backstore.Backstore;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.mode.ModePage;
import io.sluice.scsi.internal.mode.ModePages;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.volume.Volume;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** MODE SELECT(6) and (10) (SPC-5 6.12, 6.13): checks the whole list first, then changes, then tells the others. */
public final class ModeSelectCommand implements Command {

    private static final int SP = 0x01;
    private static final int PF = 0x10;
    private static final int SPF = 0x40;
    private static final int PAGE_CODE = 0x3F;

    private final CdbFormat format;

    /** @param format which of the two forms */
    public ModeSelectCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        if ((cdb[1] & PF) == 0 && format.length(cdb) > 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 4));
        }
        execution.receiveParameters((int) format.length(cdb), list -> select(execution, list));
    }

    /** What is to be saved counts when it is: a command that is refused has changed nothing. */
    private void select(Execution execution, byte[] list) throws CheckConditionException {
        ModePages pages = execution.unit().modePages();
        Map<ModePage, byte[]> wanted = parse(execution, list);
        CompletionStage<Void> taken = Backstore.done();
        if ((execution.cdb()[1] & SP) != 0) {
            taken = pages.save(wanted, () -> take(execution, wanted));
        } else {
            take(execution, wanted);
        }
        execution.thenUnlessStopped(
                taken.thenCompose(done -> flushIfWriteThrough(execution.unit(), wanted)), execution::good);
    }

    private static void take(Execution execution, Map<ModePage, byte[]> wanted) {
        if (execution.unit().modePages().select(wanted)) {
            execution.unit().attention(SharedAttention.forOthers(execution.nexus(), Sense.MODE_PARAMETERS_CHANGED));
        }
    }

    /**
     * With the write cache off, what it still holds has to be stable before the status says so (SBC-4 6.5.6), and what others that
     * began before are about to leave in it. Also if it was off before: the command that has switched it off may have failed, or
     * have been aborted, before that was done, and this is its second try.
     */
    private static CompletionStage<Void> flushIfWriteThrough(BlockDevice unit, Map<ModePage, byte[]> wanted) {
        Volume store = unit.storeIfReady();
        return wanted.containsKey(ModePage.CACHING)
                        && store != null
                        && !unit.modePages().writeCache()
                ? unit.claimedBlocksLeft().thenCompose(left -> store.flush())
                : Backstore.done();
    }

    /** Returns the pages of the list, each of which has been checked, with their values. */
    private Map<ModePage, byte[]> parse(Execution execution, byte[] list) throws CheckConditionException {
        int offset = ModeParameterHeader.length(format);
        if (list.length < offset) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        offset += checkBlockDescriptor(execution, list, offset);
        Map<ModePage, byte[]> wanted = new EnumMap<>(ModePage.class);
        while (offset < list.length) {
            ModePage page = pageAt(list, offset);
            execution.unit().modePages().check(page, list, offset);
            wanted.put(page, Arrays.copyOfRange(list, offset, offset + page.length()));
            offset += page.length();
        }
        return wanted;
    }

    /** The block size cannot be changed by MODE SELECT: a descriptor must say what is so already. */
    private int checkBlockDescriptor(Execution execution, byte[] list, int offset) throws CheckConditionException {
        boolean six = format == CdbFormat.CDB6;
        int lengthOffset = six ? 3 : 6;
        int length = six ? Bytes.u8(list, lengthOffset) : Bytes.u16(list, lengthOffset);
        boolean longBlocks = !six && (list[4] & 0x01) != 0;
        int expected = longBlocks ? ModeParameterHeader.LONG_DESCRIPTOR : ModeParameterHeader.SHORT_DESCRIPTOR;
        if (length == 0) {
            return 0;
        }
        if (length != expected) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(lengthOffset, -1));
        }
        if (list.length - offset < length) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        int sizeOffset = offset + length - (longBlocks ? 4 : 3);
        long size = longBlocks ? Bytes.u32(list, sizeOffset) : Bytes.u24(list, sizeOffset);
        if (size != execution.unit().geometry().blockSize()) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(sizeOffset, -1));
        }
        return length;
    }

    private static ModePage pageAt(byte[] list, int offset) throws CheckConditionException {
        boolean subpageFormat = (list[offset] & SPF) != 0;
        int headerLength = subpageFormat ? 4 : 2;
        if (list.length - offset < headerLength) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        int subpage = subpageFormat ? Bytes.u8(list, offset + 1) : 0;
        ModePage page = ModePage.find(list[offset] & PAGE_CODE, subpage);
        if (page == null) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, 5));
        }
        int length = subpageFormat ? Bytes.u16(list, offset + 2) : Bytes.u8(list, offset + 1);
        if (headerLength + length != page.length()) {
            throw new CheckConditionException(
                    SenseData.invalidFieldInParameterList(offset + (subpageFormat ? 2 : 1), -1));
        }
        if (list.length - offset < page.length()) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        return page;
    }
}
