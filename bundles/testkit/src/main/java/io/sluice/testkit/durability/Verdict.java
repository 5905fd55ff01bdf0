package io.sluice.testkit.durability;

/** What is to be said of the content of a block. */
public enum Verdict {
    /** The block holds what it may hold. */
    INTACT("holds what it may hold"),
    /** What had to be there is not; the block holds what was there just before. */
    LOST("lost what had to be there"),
    /** The block is no whole block of anybody, or an atomic write is there in part. */
    TORN("is torn"),
    /** The block holds what had been written over long before. */
    RESURRECTED("holds what was written over before"),
    /** The block holds what was written for another block or another disk. */
    FOREIGN("holds what belongs to another block"),
    /** The block holds what nobody sent, or what was sent and refused. */
    NEVER_WRITTEN("holds what was never written to it");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    /** Returns the rest of a sentence that begins with the block. */
    public String words() {
        return words;
    }
}
