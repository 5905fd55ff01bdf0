package io.sluice.shell;

import io.sluice.management.BackstoreRequest;
import java.util.Map;
import java.util.TreeMap;

/** Builds what is asked of the gateway from the options of a command line. */
final class BackstoreOptions {

    /** What a kind that can copy says of what it has copied, and how. */
    static final String CREATED_FROM = "createdFrom";

    private static final int DEFAULT_BLOCK_SIZE = 512;

    private final Map<String, String> options = new TreeMap<>();
    private long sizeBytes;
    private int blockSize = DEFAULT_BLOCK_SIZE;
    private int physicalBlockSize;
    private boolean thin = true;
    private boolean readOnly;
    private boolean removable;
    private boolean unmap = true;
    private int thresholdPercent;
    private boolean writeThrough;
    private String naa = "";
    private String serial = "";

    BackstoreOptions size(String text) {
        sizeBytes = text == null ? 0 : ByteSize.parse(text);
        return this;
    }

    BackstoreOptions blocks(int logical, int physical) {
        blockSize = logical == 0 ? DEFAULT_BLOCK_SIZE : logical;
        physicalBlockSize = physical;
        return this;
    }

    BackstoreOptions flags(boolean thick, boolean isReadOnly, boolean isRemovable) {
        thin = !thick;
        readOnly = isReadOnly;
        removable = isRemovable;
        return this;
    }

    BackstoreOptions writeThrough(boolean wanted) {
        writeThrough = wanted;
        return this;
    }

    /** @param noUnmap whether the UNMAP command is not offered; a thick unit never offers it */
    BackstoreOptions provisioning(boolean noUnmap, int threshold) {
        unmap = !noUnmap;
        thresholdPercent = threshold;
        return this;
    }

    /** Takes over who the disk is to be for initiators; null for a new identity. */
    BackstoreOptions identity(String wantedNaa, String wantedSerial) {
        naa = wantedNaa == null ? "" : wantedNaa;
        serial = wantedSerial == null ? "" : wantedSerial;
        return this;
    }

    BackstoreOptions path(String path) {
        if (path != null) {
            options.put("path", path);
        }
        return this;
    }

    /** @param source what is to be copied; null for nothing */
    BackstoreOptions createFrom(String source) {
        if (source != null) {
            options.put("createFrom", source);
        }
        return this;
    }

    /** @throws IllegalArgumentException if one is not {@code key=value} */
    BackstoreOptions others(Iterable<String> pairs) {
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + pair + "' is not an option: write it like key=value");
            }
            options.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return this;
    }

    /** Returns the settings of the kind. */
    Map<String, String> settings() {
        return options;
    }

    BackstoreRequest request(String type, String name) {
        return new BackstoreRequest(
                name,
                type,
                sizeBytes,
                blockSize,
                physicalBlockSize,
                thin,
                readOnly,
                removable,
                thin && unmap,
                thresholdPercent,
                options,
                naa,
                serial,
                writeThrough);
    }
}
