package io.sluice.config;

import java.util.List;

/**
 * How logins are made secure.
 *
 * @param algorithms what may be used for CHAP; none is better than another here, the initiator's order counts
 * @param discoveryChap whether a discovery session has to prove who it is
 */
public record SecurityConfig(List<ChapAlgorithm> algorithms, boolean discoveryChap) {

    /** All algorithms, and discovery without proof. */
    public static final SecurityConfig DEFAULT = new SecurityConfig(ChapAlgorithm.all(), false);

    public SecurityConfig {
        algorithms = algorithms == null
                ? ChapAlgorithm.all()
                : algorithms.stream().distinct().toList();
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("CHAP needs an algorithm at least");
        }
    }
}
