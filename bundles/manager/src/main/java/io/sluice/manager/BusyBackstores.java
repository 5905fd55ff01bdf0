package io.sluice.manager;

import io.sluice.config.ConfigException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The backstores to which something is being done that takes long: others keep away from them until that is over. Thread-safe. */
final class BusyBackstores {

    /** What is being done, by their names. */
    private final Map<String, String> busy = new ConcurrentHashMap<>();

    /** Those of them that cannot be mapped meanwhile. */
    private final Set<String> withoutDisk = ConcurrentHashMap.newKeySet();

    /** What is being copied, by the names of those that are made of it. */
    private final Map<String, String> copied = new ConcurrentHashMap<>();

    /** @throws ConfigException if something is being done to a backstore that takes long */
    void requireIdle(String name) throws ConfigException {
        String doing = busy.get(name);
        if (doing != null) {
            throw new ConfigException("backstore " + name + " is being " + doing + ": wait until that is over");
        }
    }

    /** @throws ConfigException if the disk of a backstore may not be the one that it has afterwards, so that no LUN can be it */
    void requireMappable(String name) throws ConfigException {
        if (withoutDisk.contains(name)) {
            requireIdle(name);
        }
    }

    /** Keeps others from a backstore until {@link #end}. */
    void begin(String name, String doing) throws ConfigException {
        requireIdle(name);
        busy.put(name, doing);
    }

    /** As {@link #begin}, and its disk is closed meanwhile, or goes to another backstore. */
    void beginWithoutDisk(String name, String doing) throws ConfigException {
        begin(name, doing);
        withoutDisk.add(name);
    }

    /** Until {@link #end} of a backstore it is made of another one, which has to have one storage so long. */
    void copies(String name, String source) {
        copied.put(name, source);
    }

    /** @throws ConfigException if a backstore is made that is a copy of this one */
    void requireNotCopied(String name) throws ConfigException {
        if (copied.containsValue(name)) {
            throw new ConfigException("backstore " + name + " is being copied: wait until that is over");
        }
    }

    void end(String name) {
        copied.remove(name);
        withoutDisk.remove(name);
        busy.remove(name);
    }
}
