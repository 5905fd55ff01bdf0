package io.sluice.itests.badinput;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

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
        return List.of(
                new Group('A', 1, 27, Framing.inputs()),
                new Group('B', 28, 62, Logins.inputs()),
                new Group('C', 63, 76, ChapLogins.inputs()),
                new Group(
                        'D',
                        77,
                        93,
                        inOrder(Stream.of(
                                CommandNumbers.inputs(),
                                OddRequests.inputs(),
                                DataOutPdus.inputs(),
                                Readers.inputs()))),
                new Group(
                        'E',
                        94,
                        106,
                        inOrder(Stream.of(BlockRanges.inputs(), BlockLists.inputs(), Parameters.inputs()))),
                new Group('F', 107, 115, inOrder(Stream.of(Aborts.inputs(), Resets.inputs(), Removals.inputs()))),
                new Group('G', 116, 121, Sessions.inputs()),
                new Group('H', 122, 127, Masking.inputs()),
                new Group('I', 128, 137, Management.inputs()));
    }

    private static List<BadInput> inOrder(Stream<List<BadInput>> parts) {
        return parts.flatMap(List::stream)
                .sorted(Comparator.comparingInt(BadInput::number))
                .toList();
    }
}
