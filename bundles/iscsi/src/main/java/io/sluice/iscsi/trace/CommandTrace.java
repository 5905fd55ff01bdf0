package io.sluice.iscsi.trace;

import io.sluice.scsi.Status;

/** A command that is traced, from when it has come until its answer is out. One thread at a time, like its task. */
public final class CommandTrace {

    private static final byte[] NO_SENSE = new byte[0];

    private final ConnectionTrace connection;
    private final long trace;
    private final long lun;
    private final byte[] cdb;
    private final long received = System.nanoTime();
    private volatile long begun = received;
    private volatile long done;
    private Status status;
    private byte[] sense = NO_SENSE;

    CommandTrace(ConnectionTrace connection, long trace, long lun, byte[] cdb) {
        this.connection = connection;
        this.trace = trace;
        this.lun = lun;
        this.cdb = cdb;
    }

    /** Its turn has come. */
    public void begun() {
        begun = System.nanoTime();
    }

    /** It has been done, or aborted. */
    public void done() {
        done = System.nanoTime();
    }

    /** It is about to be answered. */
    public void ends(Status with, byte[] senseData) {
        status = with;
        sense = senseData;
    }

    /** It is over. If it is not about to be answered, it never will be. */
    public void finished() {
        if (status == null) {
            answered();
        }
    }

    /** Its answer is out, or there is none; on the event loop. */
    public void answered() {
        long now = System.nanoTime();
        long end = done == 0 ? now : done;
        connection.ended(
                trace,
                received,
                lun,
                cdb,
                status,
                sense,
                Math.min(begun, end) - received,
                end - Math.min(begun, end),
                now - end);
    }
}
