package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.manager.history.Author;
import io.sluice.manager.volume.Disk;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Changes of one backstore and its storage: each takes as long as that does, while everything else goes on. */
final class BackstoreChanges {

    private final Composition composition;

    BackstoreChanges(Composition composition) {
        this.composition = composition;
    }

    BackstoreConfig create(BackstoreRequest request, Creation.Placement placement) throws ConfigException {
        String name = request.name();
        StorageWork work =
                StorageWork.ofOne(composition.patience(), "making backstore " + name + " was cancelled: there is none");
        CompletionStage<BackstoreConfig> created = composition.step(() -> {
            composition.requireUsable();
            Creation creation = Creation.of(request, placement, composition.config(), composition.opener());
            composition.busy().requireIdle(creation.source());
            composition.busy().begin(name, "made");
            composition.busy().copies(name, creation.source());
            Author author = Author.current();
            return work.run(name, "making", making -> composition.maker().make(creation, making), NewDisk::discard)
                    .thenCompose(made -> made.settle(composition.step(
                            author,
                            () -> composition.make(
                                    before -> placement.apply(before, made.config()),
                                    List.of(made),
                                    composition.file()::save))))
                    .whenComplete((done, failure) ->
                            work.over(name).thenRun(() -> composition.busy().end(name)));
        });
        return composition.await(created, "making backstore " + name, work);
    }

    void resize(String name, long sizeBytes) throws ConfigException {
        StorageWork work = StorageWork.ofOne(composition.patience(), "");
        CompletionStage<Void> resized = composition.step(() -> {
            composition.requireUsable();
            BackstoreConfig old = Configs.requireBackstore(composition.config(), name);
            if (sizeBytes < old.sizeBytes()) {
                throw new ConfigException(
                        "backstore " + name + " cannot be made smaller than its " + old.sizeBytes() + " bytes");
            }
            BackstoreConfig changed = old.withSizeBytes(sizeBytes);
            new BlockGeometry(sizeBytes / old.blockSize(), old.blockSize(), old.physicalBlockSize());
            composition.busy().begin(name, "resized");
            Author author = Author.current();
            // Only growth gets here, and a larger store behind a smaller configuration does no harm.
            Disk disk = composition.reconciler().disk(name);
            return work.run(name, "resizing", growing -> disk.resize(sizeBytes), grown -> Backstore.done())
                    .thenCompose(grown -> composition.step(
                            author,
                            () -> composition.make(
                                    before -> Configs.replace(before, changed), List.of(), composition.file()::save)))
                    .whenComplete((done, failure) ->
                            work.over(name).thenRun(() -> composition.busy().end(name)));
        });
        composition.await(resized, "resizing backstore " + name);
    }

    void reopen(String name, boolean empty) throws ConfigException {
        withIdle(name, disk -> disk.reopen(empty), "is not reopened", "reopening");
    }

    void takeover(String name, boolean force) throws ConfigException {
        withIdle(name, disk -> disk.take(force), "is not taken over", "taking over");
    }

    /** Has something done with the disk of a backstore to which nothing is being done that takes long, and waits for it. */
    private void withIdle(String name, Function<Disk, CompletionStage<Void>> work, String refused, String doing)
            throws ConfigException {
        CompletionStage<Void> done = composition.step(() -> {
            composition.requireUsable();
            Configs.requireBackstore(composition.config(), name);
            composition.busy().requireIdle(name);
            return work.apply(composition.reconciler().disk(name));
        });
        composition.await(
                Changes.told(done, reason -> "backstore " + name + " " + refused + ": " + reason),
                doing + " backstore " + name);
    }

    void delete(String name) throws ConfigException {
        composition.change("deleting backstore " + name, before -> {
            Configs.requireBackstore(before, name);
            composition.busy().requireIdle(name);
            List<String> mappings = Configs.mappings(before, name);
            if (!mappings.isEmpty()) {
                throw new ConfigException(
                        "backstore " + name + " is in use as " + String.join(", ", mappings) + ": unmap it first");
            }
            return Configs.without(before, name);
        });
    }
}
