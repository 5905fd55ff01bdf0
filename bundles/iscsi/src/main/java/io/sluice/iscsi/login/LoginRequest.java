package io.sluice.iscsi.login;

/**
 * A Login Request without its wire form (RFC 7143 11.12).
 *
 * @param transits T bit
 * @param continued C bit
 * @param currentStage CSG
 * @param nextStage NSG
 * @param versionMin lowest version that the initiator speaks
 * @param isid initiator session identifier
 * @param tsih 0 for a new session
 * @param connectionId CID
 * @param initiatorTaskTag tag, the same in all requests of a login
 * @param text data segment
 */
public record LoginRequest(
        boolean transits,
        boolean continued,
        int currentStage,
        int nextStage,
        int versionMin,
        long isid,
        int tsih,
        int connectionId,
        int initiatorTaskTag,
        byte[] text) {}
