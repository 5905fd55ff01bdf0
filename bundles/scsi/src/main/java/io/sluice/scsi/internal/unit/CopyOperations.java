package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The copies of a unit by nexus and LIST IDENTIFIER; the oldest are forgotten. Thread-safe. */
public final class CopyOperations {

    private static final int MOST_PER_NEXUS = 64;

    private final ConcurrentHashMap<Nexus, Map<Long, Object>> operations = new ConcurrentHashMap<>();

    /** Keeps an operation under its list identifier, in place of an older one. */
    public void put(Nexus nexus, long listId, Object operation) {
        operations.compute(nexus, (key, held) -> {
            Map<Long, Object> changed = held == null ? new LinkedHashMap<>() : new LinkedHashMap<>(held);
            changed.remove(listId);
            changed.put(listId, operation);
            if (changed.size() > MOST_PER_NEXUS) {
                changed.remove(changed.keySet().iterator().next());
            }
            return changed;
        });
    }

    /** Returns the operation of a list identifier if it is of a kind, else null. */
    public <T> T get(Nexus nexus, long listId, Class<T> kind) {
        Map<Long, Object> held = operations.get(nexus);
        Object found = held == null ? null : held.get(listId);
        return kind.isInstance(found) ? kind.cast(found) : null;
    }

    /** Forgets a nexus that is gone. */
    public void forget(Nexus nexus) {
        operations.remove(nexus);
    }
}
