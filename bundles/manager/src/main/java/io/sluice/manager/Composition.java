package io.sluice.manager;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.Transport;
import io.sluice.manager.document.ConfigFile;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.DiskRuntime;
import io.sluice.manager.volume.NewStorage;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import io.sluice.manager.volume.StoreOpener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration, what runs by it, and every change to both: on the thread of the manager, in steps that do not wait for a
 * bundle. What takes long is done between two steps, while its backstore is busy and everything else goes on.
 */
final class Composition {

    private static final Logger LOG = LoggerFactory.getLogger(Composition.class);

    private final Offers<BackstoreProvider> stores = new Offers<>("backstores");
    private final Offers<LayerProvider> layers = new Offers<>("layers");
    private final StoreOpener opener = new StoreOpener(stores, layers);
    private final Drains drains = new Drains();
    private final Patience patience;
    private final DiskRuntime runtime;
    private final Changes changes;
    private final Portals portals;
    private final Reconciler reconciler;
    private final ConfigFile file;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile GatewayConfig config = GatewayConfig.EMPTY;

    /** What is being done to backstores that takes long, by their names. */
    private final Map<String, String> busy = new ConcurrentHashMap<>();

    /** What is being made by bundles. */
    private final Map<CompletableFuture<NewStorage>, Creation> creations = new ConcurrentHashMap<>();

    /** Why the configuration could not be read; nothing is served and nothing may be changed until that is mended. */
    private volatile ConfigException broken;

    Composition(GatewayManager.Settings settings, TargetPublisher publisher) {
        patience = settings.patience();
        file = new ConfigFile(settings.configFile());
        runtime = new DiskRuntime(new DiskRuntime.Settings(
                settings.stateFolder(),
                settings.erasureBytesPerSecond(),
                settings.volumes(),
                patience.retryFirst(),
                patience.retryLongest(),
                patience.drain()));
        changes = new Changes(patience.change());
        portals = new Portals(changes, patience);
        reconciler = new Reconciler(opener, runtime, settings.defaultPortal(), patience, portals, publisher, drains);
        try {
            GatewayConfig loaded = file.load();
            reconciler.start(loaded);
            config = loaded;
        } catch (ConfigException invalid) {
            broken = invalid;
            LOG.error("nothing is served: {}", invalid.getMessage(), invalid);
        }
    }

    Offers<BackstoreProvider> stores() {
        return stores;
    }

    Offers<LayerProvider> layers() {
        return layers;
    }

    Drains drains() {
        return drains;
    }

    Portals portals() {
        return portals;
    }

    Reconciler reconciler() {
        return reconciler;
    }

    GatewayConfig config() {
        return config;
    }

    Optional<ConfigException> broken() {
        return Optional.ofNullable(broken);
    }

    void useTransport(Transport transport) {
        if (broken != null) {
            return;
        }
        portals.use(transport);
        changes.submit(() -> {
            if (portals.transport() == transport) {
                portals.listenAll(reconciler.portals(config));
            }
            return null;
        });
    }

    void loseTransport(Transport transport) {
        if (portals.transport() == transport) {
            portals.use(null);
        }
    }

    /** Makes a configuration from the present one. */
    @FunctionalInterface
    interface Change {
        GatewayConfig apply(GatewayConfig before) throws ConfigException;
    }

    /** Makes a change in what runs and on disk, in both or in neither, and waits a while until what it ends has ended. */
    void change(String what, Change change) throws ConfigException {
        changes.await(step(() -> make(change, Optional.empty())), what);
    }

    private static <T> CompletionStage<T> flat(CompletableFuture<? extends CompletionStage<T>> step) {
        return step.thenCompose(next -> next);
    }

    /** Makes a step on the thread of the manager. */
    private <T> CompletionStage<T> step(Callable<CompletionStage<T>> step) {
        return flat(changes.submit(step));
    }

    private CompletableFuture<Void> make(Change change, Optional<Disk> made) throws ConfigException {
        requireUsable();
        GatewayConfig before = config;
        GatewayConfig after;
        try {
            after = change.apply(before);
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
        Runnable undo = reconciler.add(before, after, made);
        try {
            file.save(after);
        } catch (ConfigException failed) {
            undo.run();
            throw failed;
        }
        config = after;
        return reconciler.remove(before, after);
    }

    private void requireUsable() throws ConfigException {
        if (broken != null) {
            throw new ConfigException(broken.getMessage(), broken);
        }
    }

    /** @throws ConfigException if something is being done to a backstore that takes long */
    void requireIdle(String name) throws ConfigException {
        String doing = busy.get(name);
        if (doing != null) {
            throw new ConfigException("backstore " + name + " is being " + doing + ": wait until that is over");
        }
    }

    private void begin(String name, String doing) throws ConfigException {
        requireIdle(name);
        busy.put(name, doing);
    }

    BackstoreConfig create(BackstoreRequest request, Creation.Placement placement) throws ConfigException {
        CompletionStage<BackstoreConfig> created = step(() -> {
            requireUsable();
            Creation creation = Creation.of(request, placement, config, stores, opener);
            begin(request.name(), "made");
            return storage(creation)
                    .thenCompose(storage -> take(storage, creation, placement))
                    .whenComplete((done, failure) -> busy.remove(request.name()));
        });
        return changes.await(told(created), "making backstore " + request.name());
    }

    /** Makes storage, unless its bundle goes: who has asked for it is not left waiting then, and what comes late is undone. */
    private CompletableFuture<NewStorage> storage(Creation creation) {
        CompletableFuture<NewStorage> made = new CompletableFuture<>();
        creations.put(made, creation);
        NewStorage.make(creation.asked(), creation.parts(), opener).whenComplete((storage, failure) -> {
            if (failure != null) {
                made.completeExceptionally(failure);
            } else if (!made.complete(storage)) {
                storage.discard();
            }
        });
        return made.whenComplete((storage, failure) -> creations.remove(made));
    }

    /** The storage has been made: it becomes a disk of the configuration, or is undone. */
    private CompletionStage<BackstoreConfig> take(NewStorage storage, Creation creation, Creation.Placement placement) {
        Disk disk = new Disk(storage.config(), opener, runtime);
        return disk.begin(storage)
                .thenCompose(begun -> step(() -> {
                    CompletableFuture<Void> made =
                            make(before -> placement.apply(before, storage.config()), Optional.of(disk));
                    withdrawIfGone(disk, creation);
                    return made;
                }))
                .handle((done, failure) -> {
                    if (failure == null) {
                        storage.keep();
                        return CompletableFuture.completedFuture(storage.config());
                    }
                    return disk.close("it was not made")
                            .handle((closing, another) -> storage.discard())
                            .thenCompose(undone -> undone)
                            .thenCompose(undone -> CompletableFuture.<BackstoreConfig>failedFuture(failure));
                })
                .thenCompose(outcome -> outcome);
    }

    /** A bundle that has gone since the disk was opened has not found it in the list. */
    private void withdrawIfGone(Disk disk, Creation creation) {
        Offer<BackstoreProvider> offer = creation.parts().store();
        if (stores.find(offer.type()) != offer) {
            disk.withdrawn(offer);
        }
    }

    /** A bundle goes. Returns when nothing of it is in use, or after a while. */
    void withdrawn(Offer<?> offer) {
        creations.forEach((made, creation) -> {
            if (creation.parts().has(offer)) {
                made.completeExceptionally(new ConfigException("the bundle for type " + offer.type() + " went away"));
            }
        });
        reconciler.withdrawn(offer);
    }

    void resize(String name, long sizeBytes) throws ConfigException {
        CompletionStage<Void> resized = step(() -> {
            requireUsable();
            BackstoreConfig old = Configs.requireBackstore(config, name);
            if (sizeBytes < old.sizeBytes()) {
                throw new ConfigException(
                        "backstore " + name + " cannot be made smaller than its " + old.sizeBytes() + " bytes");
            }
            BackstoreConfig changed = old.withSizeBytes(sizeBytes);
            new BlockGeometry(sizeBytes / old.blockSize(), old.blockSize(), old.physicalBlockSize());
            begin(name, "resized");
            // Only growth gets here, and a larger store behind a smaller configuration does no harm.
            return reconciler
                    .disk(name)
                    .resize(sizeBytes)
                    .thenCompose(
                            grown -> step(() -> make(before -> Configs.replace(before, changed), Optional.empty())))
                    .whenComplete((done, failure) -> busy.remove(name));
        });
        changes.await(told(resized), "resizing backstore " + name);
    }

    void reopen(String name, boolean empty) throws ConfigException {
        CompletionStage<Void> reopened = step(() -> {
            requireUsable();
            Configs.requireBackstore(config, name);
            requireIdle(name);
            return reconciler.disk(name).reopen(empty);
        });
        changes.await(
                told(reopened, reason -> "backstore " + name + " is not reopened: " + reason),
                "reopening backstore " + name);
    }

    void changeAccessState(IscsiName name, AccessState state) throws ConfigException {
        CompletionStage<Void> changed = step(() -> {
            CompletableFuture<Void> made = make(
                    before -> Configs.replace(
                            before, Configs.requireTarget(before, name).withAccessState(state)),
                    Optional.empty());
            reconciler.targets().applyAccessState(Configs.requireTarget(config, name));
            return made;
        });
        changes.await(changed, "changing the access state of target " + name);
    }

    void closeSession(int id) throws ConfigException {
        Transport transport = portals.transport();
        AtomicBoolean found = new AtomicBoolean();
        if (transport != null) {
            changes.await(drains.run(() -> found.set(transport.closeSession(id))), "closing session " + id);
        }
        if (!found.get()) {
            throw new ConfigException("there is no session " + id + ": session:list shows those that there are");
        }
    }

    private static <T> CompletionStage<T> told(CompletionStage<T> change) {
        return told(change, reason -> reason);
    }

    private static <T> CompletionStage<T> told(CompletionStage<T> change, UnaryOperator<String> line) {
        return change.exceptionallyCompose(failure -> {
            Throwable cause = forUser(failure);
            return CompletableFuture.failedFuture(
                    cause instanceof BackstoreException
                            ? new ConfigException(line.apply(cause.getMessage()), cause)
                            : cause);
        });
    }

    private static Throwable forUser(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        changes.close(patience.stop().dividedBy(3));
        reconciler.stop();
        drains.close();
        runtime.close();
    }
}
