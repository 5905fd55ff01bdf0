package io.sluice.manager;

import io.sluice.config.BackstoreConfig;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.NewStorage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A disk that has been made and is open, but is in no configuration yet.
 *
 * @param disk the disk
 * @param storage what it lies on
 * @param creation what was asked for
 */
record NewDisk(Disk disk, NewStorage storage, Creation creation) {

    BackstoreConfig config() {
        return storage.config();
    }

    /** It is in use and in the configuration now. */
    void keep() {
        storage.keep();
    }

    /** Closes it and undoes it. Completes when that is done, however it went. */
    CompletionStage<Void> discard() {
        return disk.close("it was not made")
                .handle((closed, failure) -> storage.discard())
                .thenCompose(undone -> undone);
    }

    /**
     * Keeps the disk if it has come into use, and undoes it otherwise.
     *
     * @param use its coming into use
     * @return ends as that does, with nothing left behind if it fails
     */
    CompletionStage<BackstoreConfig> settle(CompletionStage<Void> use) {
        return use.handle((used, failure) -> {
                    if (failure == null) {
                        keep();
                        return CompletableFuture.completedFuture(config());
                    }
                    return discard().thenCompose(undone -> CompletableFuture.<BackstoreConfig>failedFuture(failure));
                })
                .thenCompose(outcome -> outcome);
    }
}
