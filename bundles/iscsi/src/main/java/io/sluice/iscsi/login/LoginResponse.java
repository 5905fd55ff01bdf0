package io.sluice.iscsi.login;

import java.util.List;
import java.util.Map;

/**
 * A successful Login Response without its wire form (RFC 7143 11.13).
 *
 * @param transits T bit
 * @param currentStage CSG
 * @param nextStage NSG, with the T bit
 * @param pairs text
 */
public record LoginResponse(
        boolean transits, LoginStage currentStage, LoginStage nextStage, List<Map.Entry<String, String>> pairs) {

    /** Returns whether the login is complete with this response. */
    public boolean completes() {
        return transits && nextStage == LoginStage.FULL_FEATURE_PHASE;
    }
}
