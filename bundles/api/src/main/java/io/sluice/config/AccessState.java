package io.sluice.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Asymmetric access states of a target port group (SPC-5 5.16.2.4). */
public enum AccessState {
    ACTIVE_OPTIMIZED(0x0),
    ACTIVE_NON_OPTIMIZED(0x1),
    STANDBY(0x2),
    UNAVAILABLE(0x3);

    private final int code;

    AccessState(int code) {
        this.code = code;
    }

    /** Returns the four bits that go over the wire. */
    public int code() {
        return code;
    }

    /** Returns whether the medium can be reached. */
    public boolean active() {
        return this == ACTIVE_OPTIMIZED || this == ACTIVE_NON_OPTIMIZED;
    }

    /** Returns the state of a code, or null. */
    public static AccessState of(int code) {
        for (AccessState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return null;
    }

    /** Returns the name that users write: {@code active-optimized}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the state of a name that {@link #label} has.
     *
     * @throws IllegalArgumentException if there is none; the message is fit for a user
     */
    public static AccessState parse(String label) {
        for (AccessState state : values()) {
            if (state.label().equals(label)) {
                return state;
            }
        }
        throw new IllegalArgumentException("'" + label + "' is not an access state: it is one of "
                + Arrays.stream(values()).map(AccessState::label).collect(Collectors.joining(", ")));
    }
}
