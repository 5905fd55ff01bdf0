package io.sluice.itests.badinput;

import java.util.List;

/**
 * A part of the list.
 *
 * @param letter its letter
 * @param first number of its first entry
 * @param last number of its last entry
 * @param inputs what there is of it
 */
record Group(char letter, int first, int last, List<BadInput> inputs) {

    /** All of them, in the order of the list. */
    static List<Group> all() {
        return List.of(new Group('A', 1, 27, Framing.inputs()), new Group('B', 28, 62, Logins.inputs()));
    }
}
