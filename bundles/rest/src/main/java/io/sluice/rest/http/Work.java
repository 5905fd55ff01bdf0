package io.sluice.rest.http;

/** A request whose head was found good. */
interface Work {

    /** Returns whether a document belongs to it. */
    boolean takesDocument();

    /** Returns how large the document may be, in bytes, if the server takes as much at all. */
    default int mostBytes() {
        return 0;
    }

    /** Returns whether it is for somebody who has shown who he is. */
    default boolean isForKnown() {
        return false;
    }

    /** Does it, which may take a while, and never throws. */
    Answer run(byte[] document);
}
