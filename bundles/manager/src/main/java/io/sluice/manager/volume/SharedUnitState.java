package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.SharedJson;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The state of a unit that another gateway has too, beside its blocks: whoever may not write these cannot save it either. What is
 * kept aside for an atomic write would be seen here alone, so there is none.
 */
final class SharedUnitState implements UnitStateStore {

    static final String RECORD = "state";

    private final SharedStorage storage;
    private final BooleanSupplier served;

    /** @param served whether the unit is served here: only then is anything saved */
    SharedUnitState(SharedStorage storage, BooleanSupplier served) {
        this.storage = storage;
        this.served = served;
    }

    /** It is loaded whenever the unit begins to be served. */
    @Override
    public UnitState load() {
        return UnitState.NEW;
    }

    @Override
    public CompletionStage<Void> save(UnitState state) {
        return storage.put(RECORD, SharedJson.state(state), served);
    }

    @Override
    public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
        return SharedStorage.failed("nothing is kept aside for a disk that another gateway has too");
    }

    @Override
    public CompletionStage<Void> clearIntent(long id) {
        return Backstore.done();
    }

    @Override
    public List<Intent> loadIntents() {
        return List.of();
    }
}
