package io.sluice.scsi.internal.mode;

/** Which values of a mode page MODE SENSE asks for (SPC-5 6.14.1.2). */
public enum PageControl {
    CURRENT,
    CHANGEABLE,
    DEFAULT,
    SAVED
}
