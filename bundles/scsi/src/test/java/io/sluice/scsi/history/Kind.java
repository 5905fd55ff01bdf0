package io.sluice.scsi.history;

/** What a client of a history may do. */
enum Kind {
    READ,
    WRITE,
    WRITE_FUA,
    COMPARE_AND_WRITE,
    OR_WRITE,
    WRITE_ATOMIC,
    UNMAP,
    WRITE_SAME,
    EXTENDED_COPY,
    POPULATE_TOKEN,
    WRITE_USING_TOKEN
}
