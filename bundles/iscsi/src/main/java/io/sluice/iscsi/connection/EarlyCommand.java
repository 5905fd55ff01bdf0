package io.sluice.iscsi.connection;

import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.transfer.IscsiTask;

/**
 * A command that waits for the ones before it.
 *
 * @param handler of the connection that it came by, which is the one that serves it
 * @param pdu the command
 * @param task of a SCSI command, which takes the data that follows; else null
 */
record EarlyCommand(FullFeatureHandler handler, InitiatorPdu pdu, IscsiTask task) {

    /** Lets go of it: its turn will not come. */
    void discard() {
        handler.discard(this);
    }
}
