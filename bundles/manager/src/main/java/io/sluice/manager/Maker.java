package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.DiskRuntime;
import io.sluice.manager.volume.NewStorage;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.StoreOpener;
import io.sluice.volume.Making;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Makes new disks, which may take long, and gives up when the bundle for one goes meanwhile. Thread-safe. */
final class Maker {

    private final StoreOpener opener;
    private final DiskRuntime runtime;

    /** What is being made by bundles. */
    private final Map<CompletableFuture<NewStorage>, Creation> creations = new ConcurrentHashMap<>();

    Maker(StoreOpener opener, DiskRuntime runtime) {
        this.opener = opener;
        this.runtime = runtime;
    }

    /** Makes storage and a disk on it; nothing is left behind if that fails. */
    CompletionStage<NewDisk> make(Creation creation, Making making) {
        return storage(creation, making).thenCompose(storage -> {
            NewDisk made = new NewDisk(new Disk(storage.config(), opener, runtime), storage, creation);
            return made.disk().begin(storage).thenApply(begun -> made).exceptionallyCompose(failure -> made.discard()
                    .thenCompose(undone -> CompletableFuture.failedFuture(failure)));
        });
    }

    /** Makes storage, unless its bundle goes: who has asked for it is not left waiting then, and what comes late is undone. */
    CompletableFuture<NewStorage> storage(Creation creation, Making making) {
        CompletableFuture<NewStorage> made = new CompletableFuture<>();
        creations.put(made, creation);
        NewStorage.make(creation.asked(), creation.parts(), opener, making).whenComplete((storage, failure) -> {
            if (failure != null) {
                made.completeExceptionally(failure);
            } else if (!made.complete(storage)) {
                storage.discard();
            }
        });
        return made.whenComplete((storage, failure) -> creations.remove(made));
    }

    /** A bundle goes. */
    void withdrawn(Offer<?> offer) {
        creations.forEach((made, creation) -> {
            if (creation.parts().has(offer)) {
                made.completeExceptionally(new ConfigException("the bundle for type " + offer.type() + " went away"));
            }
        });
    }
}
