package io.sluice.management;

import java.time.Instant;

/**
 * A token as anybody may see it who may see tokens: all but the token itself.
 *
 * @param name its name
 * @param role what its bearer may do
 * @param made when it was made
 */
public record TokenStatus(String name, Role role, Instant made) {}
