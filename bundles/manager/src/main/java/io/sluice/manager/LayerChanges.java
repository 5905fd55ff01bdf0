package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LayerConfig;
import io.sluice.management.LayerManagement;
import io.sluice.management.LayerTypeStatus;
import io.sluice.manager.history.Author;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Changes of the layers of backstores, while these are in use. */
final class LayerChanges implements LayerManagement {

    private final Composition composition;

    LayerChanges(Composition composition) {
        this.composition = composition;
    }

    @Override
    public List<LayerTypeStatus> types() {
        return composition.layers().all().stream()
                .map(offer ->
                        new LayerTypeStatus(offer.type(), offer.description(), offer.options(), offer.keepsData()))
                .toList();
    }

    @Override
    public void add(String backstore, LayerConfig layer, boolean format) throws ConfigException {
        change(backstore, "given layer " + layer.type(), (old, disk) -> {
            if (index(old, layer.type()) >= 0) {
                throw new ConfigException("backstore " + backstore + " has a layer " + layer.type()
                        + " already: backstore:layer set changes it");
            }
            Creation.requireLayer(layer, composition.opener());
            boolean changesBlocks = !offer(layer.type()).keepsData();
            if (format && !changesBlocks) {
                throw new ConfigException(
                        "layer " + layer.type() + " leaves the blocks as they are: leave out --format");
            }
            List<LayerConfig> layers = new ArrayList<>(old.layers());
            layers.add(layer);
            BackstoreConfig wanted = old.toBuilder().layers(layers).build();
            return disk.relayer(wanted, changesBlocks ? format ? "discard" : "empty" : null, save(wanted));
        });
    }

    @Override
    public void set(String backstore, LayerConfig layer) throws ConfigException {
        change(backstore, "given other settings of layer " + layer.type(), (old, disk) -> {
            int index = requireIndex(old, layer.type());
            Creation.requireLayer(layer, composition.opener());
            List<LayerConfig> layers = new ArrayList<>(old.layers());
            layers.set(index, layer);
            BackstoreConfig wanted = old.toBuilder().layers(layers).build();
            return disk.reconfigure(wanted, index, save(wanted));
        });
    }

    @Override
    public void remove(String backstore, String type) throws ConfigException {
        change(backstore, "freed from layer " + type, (old, disk) -> {
            int index = requireIndex(old, type);
            Offer<LayerProvider> offer = offer(type);
            if (offer == null) {
                throw new ConfigException("the bundle for layer " + type + " is not installed: install it before");
            }
            if (!offer.keepsData()) {
                throw new ConfigException("without layer " + type + " nobody could read the data of backstore "
                        + backstore + ": copy it to another backstore, and delete this one");
            }
            List<LayerConfig> layers = new ArrayList<>(old.layers());
            layers.remove(index);
            BackstoreConfig wanted = old.toBuilder().layers(layers).build();
            return disk.relayer(wanted, null, save(wanted));
        });
    }

    /** What is done between the first look and the end. */
    @FunctionalInterface
    private interface Work {
        CompletionStage<Void> begin(BackstoreConfig old, Disk disk) throws ConfigException;
    }

    private void change(String name, String doing, Work work) throws ConfigException {
        CompletionStage<Void> changed = composition.step(() -> {
            composition.requireUsable();
            BackstoreConfig old = Configs.requireBackstore(composition.config(), name);
            composition.busy().begin(name, doing);
            try {
                return work.begin(old, composition.reconciler().disk(name))
                        .whenComplete((done, failure) -> composition.busy().end(name));
            } catch (ConfigException | RuntimeException refused) {
                composition.busy().end(name);
                throw refused;
            }
        });
        composition.await(changed, "changing the layers of backstore " + name);
    }

    /** The file is written when this completes; what may wait for sessions is not waited for. */
    private Supplier<CompletionStage<Void>> save(BackstoreConfig wanted) {
        Author author = Author.current();
        return () -> composition.step(author, () -> {
            composition.make(before -> Configs.replace(before, wanted), List.of(), composition.file()::save);
            return Backstore.done();
        });
    }

    private Offer<LayerProvider> offer(String type) {
        return composition.layers().find(type);
    }

    private static int requireIndex(BackstoreConfig config, String type) throws ConfigException {
        int index = index(config, type);
        if (index < 0) {
            throw ConfigException.notFound(
                    type,
                    "backstore " + config.name() + " has no layer " + type
                            + ": backstore:layers shows those that it has");
        }
        return index;
    }

    private static int index(BackstoreConfig config, String type) {
        return config.layers().stream().map(LayerConfig::type).toList().indexOf(type);
    }
}
