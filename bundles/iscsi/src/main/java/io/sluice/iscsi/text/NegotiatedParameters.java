package io.sluice.iscsi.text;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a login: what both sides keep to for the rest of the session (RFC 7143 13).
 *
 * @param headerDigest whether headers carry a CRC32C digest
 * @param dataDigest whether data segments carry a CRC32C digest
 * @param initiatorMaxRecvDataSegmentLength longest data segment that the initiator takes, in bytes
 * @param targetMaxRecvDataSegmentLength longest data segment that the target takes, in bytes
 * @param maxBurstLength longest sequence of Data-In or solicited Data-Out, in bytes
 * @param firstBurstLength most unsolicited data of a command, in bytes
 * @param initialR2t whether Data-Out beyond immediate data waits for an R2T
 * @param immediateData whether a command may carry data
 * @param maxOutstandingR2t most R2Ts of a command that may be open
 * @param defaultTime2Wait seconds before a reconnect
 * @param defaultTime2Retain seconds that tasks are kept after a connection is lost
 * @param errorRecoveryLevel how errors are recovered
 * @param maxConnections most connections of the session
 */
public record NegotiatedParameters(
        boolean headerDigest,
        boolean dataDigest,
        int initiatorMaxRecvDataSegmentLength,
        int targetMaxRecvDataSegmentLength,
        int maxBurstLength,
        int firstBurstLength,
        boolean initialR2t,
        boolean immediateData,
        int maxOutstandingR2t,
        int defaultTime2Wait,
        int defaultTime2Retain,
        int errorRecoveryLevel,
        int maxConnections) {

    /** Returns these of a session with what another connection of it has agreed on for itself. */
    public NegotiatedParameters withConnection(NegotiatedParameters connection) {
        return new NegotiatedParameters(
                connection.headerDigest,
                connection.dataDigest,
                connection.initiatorMaxRecvDataSegmentLength,
                connection.targetMaxRecvDataSegmentLength,
                maxBurstLength,
                firstBurstLength,
                initialR2t,
                immediateData,
                maxOutstandingR2t,
                defaultTime2Wait,
                defaultTime2Retain,
                errorRecoveryLevel,
                maxConnections);
    }

    /** Returns the same but for the longest data segment that the initiator takes. */
    public NegotiatedParameters withInitiatorMaxRecvDataSegmentLength(int bytes) {
        return new NegotiatedParameters(
                headerDigest,
                dataDigest,
                bytes,
                targetMaxRecvDataSegmentLength,
                maxBurstLength,
                firstBurstLength,
                initialR2t,
                immediateData,
                maxOutstandingR2t,
                defaultTime2Wait,
                defaultTime2Retain,
                errorRecoveryLevel,
                maxConnections);
    }

    /** Returns keys and values for people, in the order of the standard. */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put(TextKey.HEADER_DIGEST.key(), headerDigest ? "CRC32C" : "None");
        text.put(TextKey.DATA_DIGEST.key(), dataDigest ? "CRC32C" : "None");
        text.put(TextKey.MAX_CONNECTIONS.key(), Integer.toString(maxConnections));
        text.put(TextKey.INITIAL_R2T.key(), initialR2t ? "Yes" : "No");
        text.put(TextKey.IMMEDIATE_DATA.key(), immediateData ? "Yes" : "No");
        text.put(
                TextKey.MAX_RECV_DATA_SEGMENT_LENGTH.key(),
                initiatorMaxRecvDataSegmentLength + " (initiator), " + targetMaxRecvDataSegmentLength + " (target)");
        text.put(TextKey.MAX_BURST_LENGTH.key(), Integer.toString(maxBurstLength));
        text.put(TextKey.FIRST_BURST_LENGTH.key(), Integer.toString(firstBurstLength));
        text.put(TextKey.DEFAULT_TIME2WAIT.key(), Integer.toString(defaultTime2Wait));
        text.put(TextKey.DEFAULT_TIME2RETAIN.key(), Integer.toString(defaultTime2Retain));
        text.put(TextKey.MAX_OUTSTANDING_R2T.key(), Integer.toString(maxOutstandingR2t));
        text.put(TextKey.ERROR_RECOVERY_LEVEL.key(), Integer.toString(errorRecoveryLevel));
        return text;
    }
}
