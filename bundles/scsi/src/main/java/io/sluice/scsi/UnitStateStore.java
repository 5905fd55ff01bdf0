package io.sluice.scsi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Keeps the {@link UnitState} of one logical unit. Whoever composes the gateway implements it; calls do not overlap. */
public interface UnitStateStore {

    /** Keeps nothing: the unit is new whenever it is made. */
    UnitStateStore NONE = new UnitStateStore() {
        @Override
        public UnitState load() {
            return UnitState.NEW;
        }

        @Override
        public void save(UnitState state) {
            // Nothing outlives this unit.
        }

        @Override
        public void saveIntent(long id, long lba, ByteBuffer[] data) {
            // Nothing outlives this unit.
        }

        @Override
        public void clearIntent(long id) {
            // Nothing was saved.
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
     * Replaces what was saved. When it returns, the new state survives a power loss; when it throws, the old one does.
     */
    void save(UnitState state) throws IOException;

    /**
     * A write that has begun and has to be finished or to have never been.
     *
     * @param id chosen by the unit; each is used once while the process runs
     * @param lba first block
     * @param data whole blocks
     */
    record Intent(long id, long lba, ByteBuffer data) {}

    /** Keeps data aside; several may be kept at the same time. When it returns, they survive a power loss. Thread-safe. */
    void saveIntent(long id, long lba, ByteBuffer[] data) throws IOException;

    /** Lets kept data go; when it returns, it does not come back after a power loss. Thread-safe. */
    void clearIntent(long id) throws IOException;

    /**
     * Returns what is kept aside.
     *
     * @throws IOException if there is something that cannot be read
     */
    List<Intent> loadIntents() throws IOException;
}
