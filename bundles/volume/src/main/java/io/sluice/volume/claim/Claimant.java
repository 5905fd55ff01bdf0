package io.sluice.volume.claim;

/** Who asks a {@link Gate} for claims. */
@FunctionalInterface
public interface Claimant {

    /** Goes on, because a claim that had to wait is held now. No lock is held, and the claim may be left at once. */
    void granted(Claim claim);
}
