package io.sluice.scsi.internal.mode;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.state.DurableState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * The current and saved mode parameters of a unit (SPC-5 7.5). Thread-safe; the settings that commands ask for are
 * volatile reads.
 */
public final class ModePages {

    private static final HexFormat HEX = HexFormat.of();

    /** Where WCE is in the Caching page. */
    private static final int WCE_BYTE = 2;

    private static final int WCE = 0x04;

    private final DurableState durable;
    private final boolean writeThrough;
    private final Map<ModePage, byte[]> current = new EnumMap<>(ModePage.class);
    private volatile boolean writeCache;
    private volatile boolean descriptorSense;
    private volatile boolean softwareWriteProtect;
    private volatile boolean restrictedReordering;
    private volatile boolean taskAbortedStatus;
    private volatile QueueErrorManagement queueErrorManagement;
    private volatile int unitAttentionInterlock;

    /**
     * Begins with the saved values.
     *
     * @param writeThrough whether WCE is always 0, whatever was saved
     */
    public ModePages(DurableState durable, boolean writeThrough) {
        this.durable = durable;
        this.writeThrough = writeThrough;
        reset();
    }

    /** Returns to the saved values, or the default ones if none were saved: the unit was reset. */
    public synchronized void reset() {
        for (ModePage page : ModePage.values()) {
            current.put(page, saved(page));
        }
        readSettings();
    }

    private byte[] saved(ModePage page) {
        String digits = durable.get().modePages().get(page.stateKey());
        return digits == null || digits.length() != 2 * page.length()
                ? defaults(page)
                : withoutCache(page, HEX.parseHex(digits));
    }

    private byte[] defaults(ModePage page) {
        return withoutCache(page, page.defaults());
    }

    private byte[] changeable(ModePage page) {
        return withoutCache(page, page.changeable());
    }

    /** Clears WCE where there is no cache to enable. */
    private byte[] withoutCache(ModePage page, byte[] values) {
        if (writeThrough && page == ModePage.CACHING) {
            values[WCE_BYTE] &= ~WCE;
        }
        return values;
    }

    /** Returns whether writes may be acknowledged before they are on stable storage (WCE). */
    public boolean writeCache() {
        return writeCache;
    }

    /** Returns whether sense data is to be in descriptor format (D_SENSE). */
    public boolean descriptorSense() {
        return descriptorSense;
    }

    /** Returns whether an initiator has write-protected the unit (SWP). */
    public boolean softwareWriteProtect() {
        return softwareWriteProtect;
    }

    /** Returns whether tasks are to be performed in the order in which they came (QUEUE ALGORITHM MODIFIER). */
    public boolean restrictedReordering() {
        return restrictedReordering;
    }

    /** Returns whether a task that another nexus aborts ends with TASK ABORTED (TAS). */
    public boolean taskAbortedStatus() {
        return taskAbortedStatus;
    }

    /** Returns what a CHECK CONDITION does to other tasks (QERR). */
    public QueueErrorManagement queueErrorManagement() {
        return queueErrorManagement;
    }

    /** Returns whether a unit attention stays until REQUEST SENSE takes it (UA_INTLCK_CTRL 10b and 11b). */
    public boolean unitAttentionInterlock() {
        return unitAttentionInterlock >= 2;
    }

    /** Returns whether some statuses are followed by a unit attention (UA_INTLCK_CTRL 11b). */
    public boolean establishesStatusAttention() {
        return unitAttentionInterlock == 3;
    }

    /** Returns a page's bytes by what PAGE CONTROL asks for (SPC-5 6.14.1.2). */
    public synchronized byte[] values(ModePage page, PageControl control) {
        return switch (control) {
            case CURRENT -> current.get(page).clone();
            case CHANGEABLE -> changeable(page);
            case DEFAULT -> defaults(page);
            case SAVED -> saved(page);
        };
    }

    /**
     * Checks a page of a MODE SELECT parameter list against what may be changed.
     *
     * @param list the parameter list
     * @param offset where the page begins; all of it is in the list
     * @throws CheckConditionException INVALID FIELD IN PARAMETER LIST with a pointer to what cannot be changed
     */
    public synchronized void check(ModePage page, byte[] list, int offset) throws CheckConditionException {
        byte[] now = current.get(page);
        byte[] mask = changeable(page);
        for (int i = page.headerLength(); i < now.length; i++) {
            int refused = (list[offset + i] ^ now[i]) & ~mask[i] & 0xFF;
            if (refused != 0) {
                throw new CheckConditionException(
                        SenseData.invalidFieldInParameterList(offset + i, 31 - Integer.numberOfLeadingZeros(refused)));
            }
        }
        int reserved = page.reservedValue(list, offset);
        if (reserved >= 0) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + reserved, -1));
        }
    }

    /**
     * Takes over what a MODE SELECT has asked for, all of which {@link #check} has passed.
     *
     * @param wanted the pages with their new values
     * @return whether any bit is different now
     */
    public synchronized boolean select(Map<ModePage, byte[]> wanted) {
        boolean changed = false;
        for (ModePage page : wanted.keySet()) {
            byte[] values = values(page, wanted);
            changed |= !Arrays.equals(values, current.put(page, values));
        }
        readSettings();
        return changed;
    }

    /**
     * Saves the values of all pages that can be saved, as they are with what a MODE SELECT has asked for (SP, SPC-5 6.12).
     *
     * @param wanted as for {@link #select}
     * @param saved takes that over when it is saved, before anything else is
     * @return fails, and nothing has changed, if it cannot be saved
     */
    public CompletionStage<Void> save(Map<ModePage, byte[]> wanted, Runnable saved) {
        return durable.update(state -> state.withModePages(saveable(wanted)), saved);
    }

    private synchronized Map<String, String> saveable(Map<ModePage, byte[]> wanted) {
        Map<String, String> saved = new TreeMap<>();
        for (ModePage page : ModePage.values()) {
            if (page.saveable()) {
                saved.put(page.stateKey(), HEX.formatHex(values(page, wanted)));
            }
        }
        return saved;
    }

    /** The header is ours: what a list says there is reserved in part. */
    private byte[] values(ModePage page, Map<ModePage, byte[]> wanted) {
        byte[] values = current.get(page).clone();
        byte[] selected = wanted.getOrDefault(page, values);
        System.arraycopy(
                selected, page.headerLength(), values, page.headerLength(), values.length - page.headerLength());
        return values;
    }

    private void readSettings() {
        byte[] control = current.get(ModePage.CONTROL);
        writeCache = (current.get(ModePage.CACHING)[WCE_BYTE] & WCE) != 0;
        descriptorSense = (control[2] & 0x04) != 0;
        restrictedReordering = (control[3] & 0xF0) == 0;
        queueErrorManagement = switch (control[3] >> 1 & 0x03) {
            case 1 -> QueueErrorManagement.ALL;
            case 3 -> QueueErrorManagement.SAME_NEXUS;
            default -> QueueErrorManagement.NONE;
        };
        unitAttentionInterlock = control[4] >> 4 & 0x03;
        softwareWriteProtect = (control[4] & 0x08) != 0;
        taskAbortedStatus = (control[5] & 0x40) != 0;
    }
}
