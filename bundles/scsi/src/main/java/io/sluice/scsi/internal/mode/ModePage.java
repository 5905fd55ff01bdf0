package io.sluice.scsi.internal.mode;

import java.util.HexFormat;

/**
 * The mode pages of a unit, one row each: default values and the bits that MODE SELECT may change (SPC-5 7.5, SBC-4 6.5).
 */
public enum ModePage {
    // spotless:off
    //      page  subpage  default values                                                  changeable bits
    /** Caching (SBC-4 6.5.6): WCE is set and may be cleared; then every write is stable before its status. */
    CACHING(0x08, 0x00, "08 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                        "08 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"),
    /** Control (SPC-5 7.5.13): D_SENSE and SWP may be changed. */
    CONTROL(0x0A, 0x00, "0a 0a 00 10 00 00 00 00 ff ff 00 00",
                        "0a 0a 04 00 08 00 00 00 00 00 00 00"),
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

    /** Returns the length of the whole page in bytes. */
    public int length() {
        return defaults.length;
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
