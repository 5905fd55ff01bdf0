package io.sluice.iscsi.trace;

import io.sluice.management.TraceLine;
import io.sluice.scsi.Lun;
import io.sluice.scsi.Status;
import io.sluice.scsi.target.CommandWords;
import java.time.Instant;

/**
 * What becomes a line when somebody looks.
 *
 * @param epochNanos when, since 1970
 * @param who whose it is
 * @param lun the LUN field
 * @param cdb of a command; null for something else
 * @param status how the command ended; null if it was not answered
 * @param sense its sense data
 * @param waited until its turn came
 * @param stored until it was done
 * @param answered until its answer was out
 * @param words what it was, if it was no command
 */
record TracedEvent(
        long epochNanos,
        Who who,
        long lun,
        byte[] cdb,
        Status status,
        byte[] sense,
        long waited,
        long stored,
        long answered,
        String words) {

    private static final int OBJECT_BYTES = 120;
    private static final long SECOND = 1_000_000_000L;
    private static final byte[] NO_SENSE = new byte[0];

    /**
     * Whose session it is.
     *
     * @param session its handle; 0 if there is none yet
     * @param initiator its name; empty if it is not known
     * @param entry as which initiator of the configuration it was let in; empty if there is none
     * @param target name of the target; empty if there is none
     */
    record Who(int session, String initiator, String entry, String target) {

        static final Who NOBODY = new Who(0, "", "", "");
    }

    static TracedEvent of(long epochNanos, Who who, String words) {
        return new TracedEvent(epochNanos, who, -1, null, null, NO_SENSE, 0, 0, 0, words);
    }

    int weight() {
        return OBJECT_BYTES + (cdb == null ? 2 * words.length() : cdb.length) + sense.length;
    }

    TraceLine line(long number) {
        Instant at = Instant.ofEpochSecond(epochNanos / SECOND, epochNanos % SECOND);
        return new TraceLine(
                number,
                at,
                who.session(),
                who.initiator(),
                who.target(),
                cdb == null ? -1 : Math.max(-1, Lun.decode(lun)),
                cdb == null ? words : CommandWords.of(cdb),
                cdb == null ? "" : status == null ? "no answer" : CommandWords.of(status, sense),
                waited,
                stored,
                answered);
    }
}
