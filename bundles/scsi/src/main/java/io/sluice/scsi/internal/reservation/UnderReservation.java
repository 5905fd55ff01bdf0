package io.sluice.scsi.internal.reservation;

/**
 * Whether a command is allowed while another I_T nexus has a reservation (SPC-5 5.14.1, SBC-4 4.17); registered nexuses
 * are allowed everything under the types for registrants.
 */
public enum UnderReservation {
    /** Always allowed, or checked by its handler. */
    ALLOWED,
    /** Allowed under any persistent reservation, but not under a RESERVE of another nexus (SPC-2 5.5.1). */
    ALLOWED_UNDER_PERSISTENT,
    /** As that, and not under a RESERVE of its own nexus either: it is the other way to reserve (SPC-2 5.5.1). */
    ALLOWED_UNDER_PERSISTENT_ALONE,
    /** Allowed under the Write Exclusive types. */
    ALLOWED_UNDER_WRITE_EXCLUSIVE,
    /** Allowed to holders and registrants only. */
    CONFLICTS
}
