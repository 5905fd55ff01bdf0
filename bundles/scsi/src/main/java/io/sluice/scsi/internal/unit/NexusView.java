package io.sluice.scsi.internal.unit;

import io.sluice.backstore.pace.Pacer;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import java.util.List;

/** What a nexus sees of its target. Each answer is how it is now. Thread-safe. */
public interface NexusView {

    /** Returns the nexus. */
    Nexus nexus();

    /** Returns what is at its LUNs, in the order of their numbers. */
    List<LunMapping> mappings();

    /** Returns what is at a LUN, or null. */
    LunMapping mapping(int lun);

    /** Returns the group of the port that the nexus came through. */
    PortGroup group();

    /** Returns the groups of all ports of the target. */
    List<PortGroup> groups();

    /** Returns what lets the commands of its initiator begin that move blocks; null if nothing limits them. */
    Pacer pacer();

    /** The nexus has been told of its LUNs: clears REPORTED LUNS DATA HAS CHANGED on every unit that it sees. */
    void reported();

    /** Takes notice that a unit has established a unit attention for the nexus. Must not block. */
    void established(BlockDevice unit, Sense condition);

    /** Returns whether the nexus sees a unit. */
    default boolean reaches(BlockDevice unit) {
        return mappings().stream().anyMatch(mapping -> mapping.unit() == unit);
    }
}
