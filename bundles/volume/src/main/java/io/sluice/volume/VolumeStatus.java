package io.sluice.volume;

import io.sluice.backstore.BackstoreHealth;

/**
 * A volume as it is now.
 *
 * @param state its state
 * @param problem what does not work, one line for the operator; empty if all is well
 * @param health what its store says of itself; healthy while there is none
 * @param running operations that the store works on
 * @param held operations that wait for a store
 * @param overdue operations that were given up and that the store has still not answered
 */
public record VolumeStatus(State state, String problem, BackstoreHealth health, int running, int held, int overdue) {

    /** What a volume may be. */
    public enum State {
        /** There is no store; operations wait a while for one, then fail. */
        AWAY,
        /** Operations go to the store. */
        OPEN,
        /** As OPEN, but the store owes an answer that is overdue: nothing is changed until it has come. */
        FENCED,
        /** The store is being replaced; operations wait. */
        SWITCHING,
        /** The volume is no more. */
        CLOSED
    }
}
