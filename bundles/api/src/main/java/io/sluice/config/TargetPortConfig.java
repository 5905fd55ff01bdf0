package io.sluice.config;

/**
 * A target port: a target as it is reached through the portals of one group (RFC 7143 4.4.3).
 *
 * @param group tag of the portal group
 * @param number relative target port identifier and ALUA target port group, 1 to 65,535, unique in the gateway and kept for ever
 * @param accessState its asymmetric access state, or null for the target's own
 */
public record TargetPortConfig(int group, int number, AccessState accessState) {

    public TargetPortConfig {
        PortalConfig.requireGroup(group);
        if (number < 1 || number > 0xFFFF) {
            throw new IllegalArgumentException("number " + number + " of a target port is not from 1 to 65535");
        }
    }
}
