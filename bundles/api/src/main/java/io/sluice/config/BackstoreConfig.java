package io.sluice.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A backstore: named storage that can be mapped as a logical unit. Immutable; made by {@link #builder}, so that a new
 * setting breaks nobody who makes one.
 */
public final class BackstoreConfig {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern TYPE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final Builder values;

    private BackstoreConfig(Builder values) {
        this.values = values;
    }

    /** Begins a backstore of 512-byte blocks that has no size yet and nothing special. */
    public static Builder builder(String name, String type) {
        return new Builder().name(name).type(type);
    }

    /** Begins a copy. */
    public Builder toBuilder() {
        return values.copy();
    }

    /** Returns the unique name, also the default label for users. */
    public String name() {
        return values.name;
    }

    /** Returns the kind of storage, a {@code BackstoreProvider.type()}. */
    public String type() {
        return values.type;
    }

    /** Returns the capacity, a multiple of the block size; 0 only in a request that leaves it to the provider. */
    public long sizeBytes() {
        return values.sizeBytes;
    }

    /** Returns the bytes in a logical block. */
    public int blockSize() {
        return values.blockSize;
    }

    /** Returns the bytes in a physical block, at least {@link #blockSize}. */
    public int physicalBlockSize() {
        return values.physicalBlockSize;
    }

    /** Returns whether initiators are told that unused blocks take no space. */
    public boolean thin() {
        return values.thin;
    }

    /** Returns whether every write is refused. */
    public boolean readOnly() {
        return values.readOnly;
    }

    /** Returns whether the medium can be ejected. */
    public boolean removable() {
        return values.removable;
    }

    /** Returns whether a thin unit offers the UNMAP command; WRITE SAME gives blocks back in any case. */
    public boolean unmap() {
        return values.unmap;
    }

    /** Returns whether every write is on stable storage before it is acknowledged, and initiators cannot change that. */
    public boolean writeThrough() {
        return values.writeThrough;
    }

    /** Returns how much of a thin unit may take space before initiators are told, in percent; 0 for never. */
    public int thresholdPercent() {
        return values.thresholdPercent;
    }

    /** Returns what makes the logical unit unique, given at birth. */
    public UnitIdentity identity() {
        return values.identity;
    }

    /** Returns the kind's own settings, such as {@code path}, by name. */
    public Map<String, String> options() {
        return values.options;
    }

    /** Returns the layers on the storage, from the storage upwards. */
    public List<LayerConfig> layers() {
        return values.layers;
    }

    /** Returns a copy with another size. */
    public BackstoreConfig withSizeBytes(long newSizeBytes) {
        return toBuilder().sizeBytes(newSizeBytes).build();
    }

    /** Returns a copy with one setting of the kind replaced. */
    public BackstoreConfig withOption(String key, String value) {
        Map<String, String> changed = new TreeMap<>(values.options);
        changed.put(key, value);
        return toBuilder().options(changed).build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BackstoreConfig config && values.all().equals(config.values.all());
    }

    @Override
    public int hashCode() {
        return values.all().hashCode();
    }

    @Override
    public String toString() {
        return "BackstoreConfig" + values.all();
    }

    /** Puts a {@link BackstoreConfig} together. */
    public static final class Builder {
        private String name;
        private String type;
        private long sizeBytes;
        private int blockSize = 512;
        private int physicalBlockSize;
        private boolean thin;
        private boolean readOnly;
        private boolean removable;
        private boolean unmap;
        private boolean writeThrough;
        private int thresholdPercent;
        private UnitIdentity identity;
        private Map<String, String> options = Map.of();
        private List<LayerConfig> layers = List.of();

        private Builder() {}

        private Builder copy() {
            return new Builder()
                    .name(name)
                    .type(type)
                    .sizeBytes(sizeBytes)
                    .blockSize(blockSize)
                    .physicalBlockSize(physicalBlockSize)
                    .thin(thin)
                    .readOnly(readOnly)
                    .removable(removable)
                    .unmap(unmap)
                    .writeThrough(writeThrough)
                    .thresholdPercent(thresholdPercent)
                    .identity(identity)
                    .options(options)
                    .layers(layers);
        }

        private List<Object> all() {
            return List.of(
                    name,
                    type,
                    sizeBytes,
                    blockSize,
                    physicalBlockSize,
                    thin,
                    readOnly,
                    removable,
                    unmap,
                    writeThrough,
                    thresholdPercent,
                    identity,
                    options,
                    layers);
        }

        /** Sets the name: 1 to 64 letters, digits, dots, hyphens or underscores. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** Sets the kind of storage. */
        public Builder type(String value) {
            type = value;
            return this;
        }

        /** Sets the capacity in bytes. */
        public Builder sizeBytes(long value) {
            sizeBytes = value;
            return this;
        }

        /** Sets the bytes in a logical block. */
        public Builder blockSize(int value) {
            blockSize = value;
            return this;
        }

        /** Sets the bytes in a physical block; 0 for those of a logical one. */
        public Builder physicalBlockSize(int value) {
            physicalBlockSize = value;
            return this;
        }

        /** Sets whether unused blocks are said to take no space. */
        public Builder thin(boolean value) {
            thin = value;
            return this;
        }

        /** Sets whether every write is refused. */
        public Builder readOnly(boolean value) {
            readOnly = value;
            return this;
        }

        /** Sets whether the medium can be ejected. */
        public Builder removable(boolean value) {
            removable = value;
            return this;
        }

        /** Sets whether a thin unit offers the UNMAP command. */
        public Builder unmap(boolean value) {
            unmap = value;
            return this;
        }

        /** Sets whether every write is stable before it is acknowledged. */
        public Builder writeThrough(boolean value) {
            writeThrough = value;
            return this;
        }

        /** Sets the threshold in percent. */
        public Builder thresholdPercent(int value) {
            thresholdPercent = value;
            return this;
        }

        /** Sets the identity; without one, a new one is drawn. */
        public Builder identity(UnitIdentity value) {
            identity = value;
            return this;
        }

        /** Sets the kind's own settings. */
        public Builder options(Map<String, String> value) {
            options = value == null ? Map.of() : value;
            return this;
        }

        /** Sets the layers, from the storage upwards. */
        public Builder layers(List<LayerConfig> value) {
            layers = value == null ? List.of() : value;
            return this;
        }

        /**
         * Returns the backstore.
         *
         * @throws IllegalArgumentException if a value cannot be; the message is fit for a user
         */
        public BackstoreConfig build() {
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
            Builder built = copy();
            built.physicalBlockSize = physicalBlockSize == 0 ? blockSize : physicalBlockSize;
            built.identity = Objects.requireNonNullElseGet(identity, UnitIdentity::random);
            built.options = Collections.unmodifiableMap(new TreeMap<>(options));
            built.layers = List.copyOf(layers);
            return new BackstoreConfig(built);
        }
    }
}
