package io.sluice.scsi.internal.mode;

import java.util.HexFormat;

/**
 * The mode pages of a unit, one row each: default values and the bits that MODE SELECT may change (SPC-5 7.5, SBC-4 6.5).
 */
public enum ModePage {
    // spotless:off
    //      page  subpage  default values                                                  changeable bits
    /** Read-Write Error Recovery (SBC-4 6.5.10): AWRE and ARRE, as storage that mends itself. */
    READ_WRITE_ERROR_RECOVERY(0x01, 0x00, "01 0a c0 00 00 00 00 00 00 00 00 00",
                                          "01 0a 00 00 00 00 00 00 00 00 00 00"),
    /** Caching (SBC-4 6.5.6): WCE is set and may be cleared; then every write is stable before its status. */
    CACHING(0x08, 0x00, "88 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                        "88 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
    /** Control (SPC-5 7.5.13): D_SENSE, QUEUE ALGORITHM MODIFIER, QERR, UA_INTLCK_CTRL, SWP and TAS may be changed. */
    CONTROL(0x0A, 0x00, "8a 0a 00 10 00 00 00 00 ff ff 00 00",
                        "8a 0a 04 16 38 40 00 00 00 00 00 00"),
    /** Control Extension (SPC-5 7.5.14): IALUAE, implicit changes of the access state are on. */
    CONTROL_EXTENSION(0x0A, 0x01, "4a 01 00 1c 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                                  "4a 01 00 1c 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
    /** Power Condition (SPC-5 7.5.17): no timer runs. */
    POWER_CONDITION(0x1A, 0x00, "1a 26 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                                "1a 26 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
    /** Informational Exceptions Control (SPC-5 7.5.14): no exceptions are reported. */
    INFORMATIONAL_EXCEPTIONS_CONTROL(0x1C, 0x00, "1c 0a 08 00 00 00 00 00 00 00 00 00",
                                                 "1c 0a 00 00 00 00 00 00 00 00 00 00");
    // spotless:on

    private final int page;
    private final int subpage;
    private final byte[] defaults;
    private final byte[] changeable;

    ModePage(int page, int subpage, String defaults, String changeable) {
        this.page = page;
        this.subpage = subpage;
        this.defaults = HexFormat.ofDelimiter(" ").parseHex(defaults);
        this.changeable = HexFormat.ofDelimiter(" ").parseHex(changeable);
        if (this.defaults.length != this.changeable.length) {
            throw new IllegalStateException("mode page " + name() + " has masks of different lengths");
        }
    }

    /** Returns the PAGE CODE. */
    public int page() {
        return page;
    }

    /** Returns the SUBPAGE CODE. */
    public int subpage() {
        return subpage;
    }

    /** Returns the bytes up to the first parameter: 2, or 4 in the sub-page format (SPC-5 7.5.5). */
    public int headerLength() {
        return subpage == 0 ? 2 : 4;
    }

    byte[] defaults() {
        return defaults.clone();
    }

    byte[] changeable() {
        return changeable.clone();
    }

    /** Returns whether MODE SELECT can save the page: the PS bit (SPC-5 7.5.5). */
    public boolean saveable() {
        return (defaults[0] & 0x80) != 0;
    }

    /** Returns the name of the page in saved state: two hexadecimal digits, and two for a subpage. */
    String stateKey() {
        return subpage == 0 ? String.format("%02x", page) : String.format("%02x/%02x", page, subpage);
    }

    /** Returns the length of the whole page in bytes. */
    public int length() {
        return defaults.length;
    }

    /**
     * Returns the offset of the first byte whose changed bits have a combination that is reserved, or -1: QUEUE ALGORITHM
     * MODIFIER above 1, QERR of 10b, UA_INTLCK_CTRL of 01b.
     */
    int reservedValue(byte[] list, int offset) {
        if (this != CONTROL) {
            return -1;
        }
        boolean badQueueError = (list[offset + 3] & 0x06) == 0x04;
        boolean badInterlock = (list[offset + 4] & 0x30) == 0x10;
        return badQueueError ? 3 : badInterlock ? 4 : -1;
    }

    /** Returns the page of a page and subpage code, or null. */
    public static ModePage find(int page, int subpage) {
        for (ModePage candidate : values()) {
            if (candidate.page == page && candidate.subpage == subpage) {
                return candidate;
            }
        }
        return null;
    }
}
