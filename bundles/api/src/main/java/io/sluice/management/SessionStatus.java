package io.sluice.management;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A session of an initiator (RFC 7143 4.4.4).
 *
 * @param id the target session identifying handle (TSIH), which names the session in commands
 * @param initiator iSCSI name of the initiator
 * @param isid the initiator's part of the session identifier, as 12 hexadecimal digits
 * @param target iSCSI name of the target; empty for a discovery session
 * @param portal local address of the connection
 * @param remote address of the initiator
 * @param since when the login was complete
 * @param commands SCSI commands received so far
 * @param readBytes bytes sent to the initiator as SCSI data
 * @param writtenBytes bytes received from the initiator as SCSI data
 * @param rates what it does now
 * @param admittedAs name of the initiator of the configuration as which he was let in; empty where everybody is
 * @param chapUser the CHAP user that he has proven to be; empty for none
 * @param connections all connections of the session, the first one too
 * @param parameters the negotiated text keys and their values, in the order of RFC 7143 13
 */
public record SessionStatus(
        int id,
        String initiator,
        String isid,
        String target,
        String portal,
        String remote,
        Instant since,
        long commands,
        long readBytes,
        long writtenBytes,
        Rates rates,
        String admittedAs,
        String chapUser,
        List<Connection> connections,
        Map<String, String> parameters) {

    /**
     * A connection of a session (RFC 7143 4.1).
     *
     * @param cid the number that the initiator gave it
     * @param portal its local address
     * @param remote address of the initiator
     */
    public record Connection(int cid, String portal, String remote) {}

    /**
     * What a session has done in about the last second, for each second.
     *
     * @param commands SCSI commands received
     * @param readBytes bytes sent to the initiator as SCSI data
     * @param writtenBytes bytes received from the initiator as SCSI data
     */
    public record Rates(long commands, long readBytes, long writtenBytes) {

        /** Nothing is being done, or nothing is known yet. */
        public static final Rates NONE = new Rates(0, 0, 0);
    }
}
