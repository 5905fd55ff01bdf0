package io.sluice.management;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What somebody may do. Each role may do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Change service, but destroy nothing and let nobody in. */
    OPERATOR,
    /** Everything. */
    ADMIN;

    /** Returns the name that users write. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether somebody who has this role may do what another one is needed for. */
    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }

    /**
     * Returns the role of a name that {@link #label} has.
     *
     * @throws IllegalArgumentException if there is none; the message is fit for a user
     */
    public static Role parse(String label) {
        for (Role role : values()) {
            if (role.label().equals(label)) {
                return role;
            }
        }
        throw new IllegalArgumentException("'" + label + "' is not a role: it is one of "
                + Arrays.stream(values()).map(Role::label).collect(Collectors.joining(", ")));
    }
}
