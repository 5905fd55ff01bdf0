package io.sluice.access;

import io.sluice.config.LunView;
import java.util.List;

/**
 * What somebody may reach of a target.
 *
 * @param by name of the initiator of the configuration that he is; empty where everybody is let in
 * @param luns the units that he sees; empty for all of the target, under their own numbers
 * @param readOnly whether he may only read
 * @param manage whether he may do what hits others: reset the target, and change its access states
 * @param principal who he is for sure: a CHAP user that was proven, or else an address; two sessions of one name and one
 *     principal are of the same host
 */
public record Grant(String by, List<LunView> luns, boolean readOnly, boolean manage, String principal) {

    public Grant {
        luns = List.copyOf(luns);
    }
}
