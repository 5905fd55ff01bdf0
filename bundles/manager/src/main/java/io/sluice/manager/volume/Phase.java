package io.sluice.manager.volume;

/** What is being done about the store of a disk. */
enum Phase {
    /** A bundle is missing. */
    ABSENT,
    OPENING,
    OPEN,
    /** Another one is put in its place. */
    REPLACING,
    CLOSING,
    /** It failed and will be tried again. */
    RETRYING,
    /** Its data is lost, and nobody has said that it may begin empty. */
    LOST,
    /** The disk is no more. */
    CLOSED;

    /** Returns whether nothing is under way that ends without being asked. */
    boolean mayBeOpened() {
        return this == ABSENT || this == RETRYING || this == LOST;
    }
}
