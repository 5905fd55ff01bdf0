package io.sluice.scsi.internal.reservation;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;

/** The types of persistent reservations (SPC-5 6.13.3.3). */
public enum ReservationType {
    // spotless:off
    //                                code  reads by others  registrants  all are holders
    WRITE_EXCLUSIVE(                  0x1,  true,            false,       false),
    EXCLUSIVE_ACCESS(                 0x3,  false,           false,       false),
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY( 0x5,  true,            true,        false),
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY(0x6,  false,           true,        false),
    WRITE_EXCLUSIVE_ALL_REGISTRANTS(  0x7,  true,            true,        true),
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS( 0x8,  false,           true,        true);
    // spotless:on

    /** SCOPE of the whole logical unit, the only one there is. */
    public static final int LU_SCOPE = 0x0;

    private final int code;
    private final boolean othersRead;
    private final boolean registrantsAllowed;
    private final boolean allRegistrants;

    ReservationType(int code, boolean othersRead, boolean registrantsAllowed, boolean allRegistrants) {
        this.code = code;
        this.othersRead = othersRead;
        this.registrantsAllowed = registrantsAllowed;
        this.allRegistrants = allRegistrants;
    }

    /**
     * Returns the TYPE of a CDB of PERSISTENT RESERVE OUT.
     *
     * @param scopeAndType its byte 2
     */
    public static ReservationType parse(int scopeAndType) throws CheckConditionException {
        if (scopeAndType >> 4 != LU_SCOPE) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 7));
        }
        ReservationType type = of(scopeAndType & 0x0F);
        if (type == null) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 3));
        }
        return type;
    }

    /** Returns the TYPE of a code, or null. */
    public static ReservationType of(int code) {
        for (ReservationType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /** Returns the four bits that go over the wire. */
    public int code() {
        return code;
    }

    /** Returns whether every registrant is a holder. */
    public boolean allRegistrants() {
        return allRegistrants;
    }

    /** Returns whether registrants are told when a reservation of this type is released (SPC-5 5.14.11.2.2). */
    public boolean announcesRelease() {
        return registrantsAllowed;
    }

    /** Returns whether a nexus that is no holder may use a command. */
    boolean allows(boolean registered, UnderReservation row) {
        return switch (row) {
            case ALLOWED, ALLOWED_UNDER_PERSISTENT, ALLOWED_UNDER_PERSISTENT_ALONE -> true;
            case ALLOWED_UNDER_WRITE_EXCLUSIVE -> othersRead || (registered && registrantsAllowed);
            case CONFLICTS -> registered && registrantsAllowed;
        };
    }
}
