package io.sluice.scsi.internal.mode;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import java.util.EnumMap;
import java.util.Map;

/** The current mode parameters of a unit (SPC-5 7.5). Thread-safe; the settings that commands ask for are volatile reads. */
public final class ModePages {

    private final Map<ModePage, byte[]> current = new EnumMap<>(ModePage.class);
    private volatile boolean writeCache;
    private volatile boolean descriptorSense;
    private volatile boolean softwareWriteProtect;

    /** Begins with the default values. */
    public ModePages() {
        reset();
    }

    /** Returns to the default values: the unit was reset. */
    public synchronized void reset() {
        for (ModePage page : ModePage.values()) {
            current.put(page, page.defaults());
        }
        readSettings();
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

    /** Returns a page's bytes by what PAGE CONTROL asks for (SPC-5 6.14.1.2). */
    public synchronized byte[] values(ModePage page, PageControl control) {
        return switch (control) {
            case CURRENT -> current.get(page).clone();
            case CHANGEABLE -> page.changeable();
            case DEFAULT -> page.defaults();
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
        byte[] mask = page.changeable();
        for (int i = page.headerLength(); i < now.length; i++) {
            int refused = (list[offset + i] ^ now[i]) & ~mask[i] & 0xFF;
            if (refused != 0) {
                throw new CheckConditionException(
                        SenseData.invalidFieldInParameterList(offset + i, 31 - Integer.numberOfLeadingZeros(refused)));
            }
        }
    }

    /**
     * Takes over a page that {@link #check} has passed.
     *
     * @return whether any bit is different now
     */
    public synchronized boolean select(ModePage page, byte[] list, int offset) {
        byte[] now = current.get(page);
        boolean changed = false;
        for (int i = page.headerLength(); i < now.length; i++) {
            changed |= now[i] != list[offset + i];
            now[i] = list[offset + i];
        }
        readSettings();
        return changed;
    }

    private void readSettings() {
        writeCache = (current.get(ModePage.CACHING)[2] & 0x04) != 0;
        descriptorSense = (current.get(ModePage.CONTROL)[2] & 0x04) != 0;
        softwareWriteProtect = (current.get(ModePage.CONTROL)[4] & 0x08) != 0;
    }
}
