package io.sluice.backstore.ability;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Small named records beside the blocks, which every gateway sees that reaches the same storage, and which outlive all of them. A
 * record is replaced as a whole, and whoever reads it after that sees the new one. Two who write one record do not hear of each
 * other: each record has one writer. Thread-safe.
 */
@ConsumerType
public interface SharedRecords {

    /** What a record has at most. */
    int MOST_BYTES = 64 << 10;

    /**
     * Reads a record.
     *
     * @param name of lower-case letters, digits, dots and hyphens, 1 to 60 of them
     * @return what was written last, not to be changed; empty if there is no such record. Fails with {@code BackstoreException}.
     */
    CompletionStage<byte[]> record(String name);

    /**
     * Writes a record, or removes it.
     *
     * @param name as in {@link #record}
     * @param value not to be changed until the stage completes; empty to remove the record
     * @return completes when it survives a power loss. Fails with {@code BackstoreException}, also if it is larger than
     *     {@link #MOST_BYTES}; the old one or the new one is there then.
     */
    CompletionStage<Void> putRecord(String name, byte[] value);

    /** Returns the names of all records. Fails with {@code BackstoreException}. */
    CompletionStage<List<String>> recordNames();
}
