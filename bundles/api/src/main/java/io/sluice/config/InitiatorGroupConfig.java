package io.sluice.config;

import java.util.List;

/**
 * Initiators that are allowed the same things.
 *
 * @param name the operator's name for them; no initiator has it too
 * @param members names of initiators
 */
public record InitiatorGroupConfig(String name, List<String> members) {

    public InitiatorGroupConfig {
        EntryName.require("group of initiators", name);
        members = members == null ? List.of() : members.stream().distinct().toList();
    }
}
