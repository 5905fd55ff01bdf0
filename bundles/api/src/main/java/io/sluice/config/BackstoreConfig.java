package io.sluice.config;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A backstore: named storage that can be mapped as a logical unit.
 *
 * @param name unique name, also the default label for users
 * @param type the kind of storage, a {@code BackstoreProvider.type()}
 * @param sizeBytes capacity, a positive multiple of the block size; 0 only in a request that leaves it to the provider
 * @param blockSize bytes in a logical block
 * @param physicalBlockSize bytes in a physical block, at least {@code blockSize}
 * @param thin whether initiators are told that unused blocks take no space
 * @param readOnly whether every write is refused
 * @param removable whether the medium can be ejected
 * @param unmap whether a thin unit offers the UNMAP command; WRITE SAME gives blocks back in any case
 * @param thresholdPercent how much of a thin unit may take space before initiators are told; 0 for never
 * @param identity what makes the logical unit unique, given at birth
 * @param options the kind's own settings, such as {@code path}
 */
public record BackstoreConfig(
        String name,
        String type,
        long sizeBytes,
        int blockSize,
        int physicalBlockSize,
        boolean thin,
        boolean readOnly,
        boolean removable,
        boolean unmap,
        int thresholdPercent,
        UnitIdentity identity,
        Map<String, String> options) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public BackstoreConfig {
        Objects.requireNonNull(identity, "identity");
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name
                    + "' is not a backstore name: use 1 to 64 letters, digits, dots, hyphens or underscores");
        }
        if (type == null || !TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("'" + type + "' is not a backstore type");
        }
        if (sizeBytes < 0 || (blockSize > 0 && sizeBytes % blockSize != 0)) {
            throw new IllegalArgumentException("size " + sizeBytes + " of backstore " + name
                    + " is not a multiple of the block size " + blockSize);
        }
        if (thresholdPercent < 0 || thresholdPercent > 100) {
            throw new IllegalArgumentException("a threshold is from 0 to 100 percent, not " + thresholdPercent);
        }
        options = java.util.Collections.unmodifiableMap(new TreeMap<>(options == null ? Map.of() : options));
    }

    /** Returns a copy with another size. */
    public BackstoreConfig withSizeBytes(long newSizeBytes) {
        return new BackstoreConfig(
                name,
                type,
                newSizeBytes,
                blockSize,
                physicalBlockSize,
                thin,
                readOnly,
                removable,
                unmap,
                thresholdPercent,
                identity,
                options);
    }

    /** Returns a copy with one setting of the kind replaced. */
    public BackstoreConfig withOption(String key, String value) {
        Map<String, String> changed = new TreeMap<>(options);
        changed.put(key, value);
        return new BackstoreConfig(
                name,
                type,
                sizeBytes,
                blockSize,
                physicalBlockSize,
                thin,
                readOnly,
                removable,
                unmap,
                thresholdPercent,
                identity,
                changed);
    }
}
