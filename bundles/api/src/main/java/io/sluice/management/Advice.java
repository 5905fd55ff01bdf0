package io.sluice.management;

import java.util.Map;

/**
 * Something about a session that hurts, or will.
 *
 * @param rule short name of what was looked at
 * @param session id of the session
 * @param initiator iSCSI name of the initiator
 * @param target iSCSI name of the target
 * @param finding what was found and what it costs, one line
 * @param remedies the line to change, by the kind of host
 */
public record Advice(
        String rule, int session, String initiator, String target, String finding, Map<String, String> remedies) {}
