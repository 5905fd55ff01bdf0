package io.sluice.scsi;

import io.sluice.backstore.Backstore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the {@link UnitState} of one logical unit. Whoever composes the gateway implements it; saves do not
 * overlap. Loading is done once, before the unit is served, and may wait for the disk.
 */
public interface UnitStateStore {

    /** Keeps nothing: the unit is new whenever it is made. */
    UnitStateStore NONE = new UnitStateStore() {
        @Override
        public UnitState load() {
            return UnitState.NEW;
        }

        @Override
        public CompletionStage<Void> save(UnitState state) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> clearIntent(long id) {
            return Backstore.done();
        }

        @Override
        public List<Intent> loadIntents() {
            return List.of();
        }
    };

    /**
     * Returns what was saved last, or {@link UnitState#NEW}.
     *
     * @throws IOException if there is something that cannot be read; the unit must not be served then
     */
    UnitState load() throws IOException;

    /**
     * Replaces what was saved, without keeping the caller waiting.
     *
     * @return completes on any thread; then the new state survives a power loss. If it fails, the old one does.
     */
    CompletionStage<Void> save(UnitState state);

    /**
     * What was in blocks before a write that has begun, and that has to be whole or to have never been.
     *
     * @param id chosen by the unit; each is used once while the process runs
     * @param lba first block
     * @param data what was there, whole blocks
     */
    record Intent(long id, long lba, ByteBuffer data) {}

    /**
     * Keeps aside what is in blocks; several may be kept at the same time. Thread-safe.
     *
     * @param data not to be changed until the stage has completed
     * @return completes on any thread; then the data survives a power loss
     */
    CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data);

    /**
     * Lets kept data go. Thread-safe.
     *
     * @return completes on any thread; then the data does not come back after a power loss
     */
    CompletionStage<Void> clearIntent(long id);

    /**
     * Returns what is kept aside.
     *
     * @throws IOException if there is something that cannot be read
     */
    List<Intent> loadIntents() throws IOException;
}
