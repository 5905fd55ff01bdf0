package io.sluice.config;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What one side of a login proves by CHAP (RFC 7143 12.1.3). The secret itself is never part of a configuration.
 *
 * @param user the name that goes with the secret, CHAP_N; 1 to 255 bytes of UTF-8 without control characters
 * @param secret name of the file in {@code etc/secrets} that holds the secret
 */
public record ChapConfig(String user, String secret) {

    private static final int MAX_USER_BYTES = 255;

    public ChapConfig {
        Objects.requireNonNull(user);
        Objects.requireNonNull(secret);
        int length = user.getBytes(StandardCharsets.UTF_8).length;
        if (user.isBlank() || length > MAX_USER_BYTES || user.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a CHAP user has 1 to 255 bytes and no control characters");
        }
        EntryName.require("secret", secret);
    }
}
