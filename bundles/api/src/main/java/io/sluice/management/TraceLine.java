package io.sluice.management;

import java.time.Instant;

/**
 * One line of a trace: a command that has ended, or something that happened to a session.
 *
 * @param number counts the lines of a trace from 0
 * @param at when the command came, or it happened
 * @param session id of the session; 0 if there is none yet
 * @param initiator iSCSI name of the initiator; empty if it has not said it
 * @param target iSCSI name of the target; empty if there is none
 * @param lun number of the logical unit; -1 if there is none
 * @param what the command with its fields, or what happened
 * @param result its status, with the sense data in words; empty if there is none
 * @param waitNanos from when the command came until its turn, with all its data
 * @param storeNanos from then until it was done
 * @param answerNanos from then until its answer was out
 */
public record TraceLine(
        long number,
        Instant at,
        int session,
        String initiator,
        String target,
        int lun,
        String what,
        String result,
        long waitNanos,
        long storeNanos,
        long answerNanos) {

    /** Returns how long the command took as a whole. */
    public long totalNanos() {
        return waitNanos + storeNanos + answerNanos;
    }
}
