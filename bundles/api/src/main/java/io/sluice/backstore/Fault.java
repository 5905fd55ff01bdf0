package io.sluice.backstore;

/** Why a backstore could not do what it was asked; the engine turns each into sense data in one place. */
public enum Fault {
    /** Data could not be read: MEDIUM ERROR, UNRECOVERED READ ERROR. */
    READ_FAILED,
    /** Data could not be written or flushed: MEDIUM ERROR, WRITE ERROR. */
    WRITE_FAILED,
    /** There is no space left for a write: DATA PROTECT, SPACE ALLOCATION FAILED WRITE PROTECT. */
    OUT_OF_SPACE,
    /** The store does not take writes: DATA PROTECT, WRITE PROTECTED. */
    WRITE_PROTECTED,
    /** The store is not there now and may come back: NOT READY. */
    NOT_READY,
    /** The store gave no answer in time; whether a write was done is not known. */
    TIMED_OUT,
    /** The store has more to do than it may do now, and nothing was tried; never said of a flush. BUSY status, which hosts try again. */
    BUSY
}
