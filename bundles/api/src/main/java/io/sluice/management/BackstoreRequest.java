package io.sluice.management;

import io.sluice.config.UnitIdentity;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a user asks for when a backstore is made.
 *
 * @param name name of the new backstore
 * @param type kind of storage
 * @param sizeBytes capacity, or 0 to take that of storage that exists
 * @param blockSize bytes in a logical block
 * @param physicalBlockSize bytes in a physical block, or 0 for the block size
 * @param thin whether initiators are told that unused blocks take no space
 * @param readOnly whether every write is refused
 * @param removable whether the medium can be ejected
 * @param unmap whether a thin unit offers the UNMAP command
 * @param thresholdPercent how much of a thin unit may take space before initiators are told; 0 for never
 * @param options the kind's own settings
 * @param naa NAA identifier of a disk that was there before, as {@link UnitIdentity} has it; empty for a new one
 * @param serial unit serial number; empty for one that goes with the NAA identifier
 * @param writeThrough whether every write is on stable storage before it is acknowledged
 */
public record BackstoreRequest(
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
        Map<String, String> options,
        String naa,
        String serial,
        boolean writeThrough) {

    public BackstoreRequest {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(naa);
        Objects.requireNonNull(serial);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** Asks for a backstore with an identity of its own and a write cache. */
    public BackstoreRequest(
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
            Map<String, String> options) {
        this(
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
                options,
                "",
                "",
                false);
    }
}
