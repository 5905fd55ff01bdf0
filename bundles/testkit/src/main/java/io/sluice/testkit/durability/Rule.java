package io.sluice.testkit.durability;

/** What has to be there. */
public enum Rule {
    /** What was fenced, whatever has happened: by a flush, by FUA, or by the answer itself where there is no write cache. */
    FENCED,
    /** What was answered: for a READ, and after an orderly stop. */
    ACKNOWLEDGED
}
