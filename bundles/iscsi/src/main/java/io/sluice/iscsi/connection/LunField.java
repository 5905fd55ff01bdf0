package io.sluice.iscsi.connection;

import io.sluice.scsi.Lun;

/** The LUN field of PDUs, which has several forms for one number (SAM-5 4.7). */
final class LunField {

    private LunField() {}

    /** Returns whether two fields name the same unit, whatever form they have. */
    static boolean sameUnit(long one, long other) {
        if (one == other) {
            return true;
        }
        int lun = Lun.decode(one);
        return lun != Lun.UNKNOWN && lun == Lun.decode(other);
    }
}
