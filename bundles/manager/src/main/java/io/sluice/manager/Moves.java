package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.MoveStatus;
import io.sluice.manager.document.MoveFiles;
import io.sluice.manager.history.Author;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.MissingPartException;
import io.sluice.manager.volume.NewStorage;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Parts;
import io.sluice.volume.VolumeRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moves of backstores to other storage that are under way, and what has become of the last one of each backstore. Nothing of a
 * move that is over is held but that: its stores belong to bundles that may go. Thread-safe.
 */
final class Moves implements MoveKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final String DOING = "moved, which backstore:move-cancel ends";

    private final Composition composition;
    private final Path stateFolder;
    private final Map<String, Move> moves = new ConcurrentSkipListMap<>();
    private final Map<String, MoveStatus> ended = new ConcurrentSkipListMap<>();

    /** Those whose new storage is being made, by the names of backstores, until nothing of that goes on any more. */
    private final Map<String, Beginning> beginnings = new ConcurrentHashMap<>();

    /** Whether the files are not this gateway's any more. Guarded by this. */
    private boolean left;

    /**
     * What is not a move yet.
     *
     * @param making the new storage is being made
     * @param over completes when it is a move, or nothing is left of it
     */
    private record Beginning(StorageWork making, CompletableFuture<Void> over) {}

    Moves(Composition composition, Path stateFolder) {
        this.composition = composition;
        this.stateFolder = stateFolder;
    }

    List<MoveStatus> all() {
        Map<String, MoveStatus> running = new TreeMap<>();
        moves.forEach((name, move) -> running.put(name, move.status()));
        // In this order: one that ends meanwhile is among both, and not among neither.
        Map<String, MoveStatus> all = new TreeMap<>(ended);
        all.putAll(running);
        all.keySet().retainAll(configured());
        return List.copyOf(all.values());
    }

    private Set<String> configured() {
        return composition.config().backstores().stream()
                .map(BackstoreConfig::name)
                .collect(Collectors.toSet());
    }

    @Override
    public void over(Move move) {
        MoveStatus last = move.status();
        ended.put(last.name(), last);
        moves.remove(last.name(), move);
        ended.keySet().retainAll(configured());
    }

    @Override
    public synchronized boolean write(Writing writing) throws IOException {
        if (left) {
            return false;
        }
        writing.write();
        return true;
    }

    /** Nothing is written any more: the files may be another gateway's from now on. */
    synchronized void leave() {
        left = true;
    }

    /** Makes the new storage and begins to copy. */
    BackstoreConfig start(String name, String type, Map<String, String> options, long bytesPerSecond)
            throws ConfigException {
        Beginning beginning = new Beginning(
                StorageWork.ofOne(
                        composition.patience(), "moving backstore " + name + " was cancelled: it stays where it is"),
                new CompletableFuture<>());
        CompletionStage<BackstoreConfig> started = composition.step(() -> {
            composition.requireUsable();
            BackstoreConfig from = Configs.requireBackstore(composition.config(), name);
            Disk disk = composition.reconciler().disk(name);
            String unfit = disk.unfit();
            if (!unfit.isEmpty()) {
                throw new ConfigException(unfit);
            }
            Creation creation =
                    Creation.of(from.toBuilder().type(type).options(options).build(), composition.opener());
            composition.busy().requireNotCopied(name);
            composition.busy().begin(name, DOING);
            beginnings.put(name, beginning);
            Author author = Author.current();
            return beginning
                    .making()
                    .run(
                            name,
                            "making storage for",
                            making -> composition.maker().storage(creation, making),
                            NewStorage::discard)
                    .thenCompose(made -> begin(disk, made, bytesPerSecond, author))
                    .whenComplete((to, failure) ->
                            beginning.making().over(name).thenRun(() -> begun(name, beginning, failure)));
        });
        return composition.await(
                Changes.told(started, reason -> "backstore " + name + " is not moved: " + reason),
                "making storage for backstore " + name,
                beginning.making());
    }

    private void begun(String name, Beginning beginning, Throwable failure) {
        beginnings.remove(name);
        if (failure != null) {
            composition.busy().end(name);
        }
        beginning.over().complete(null);
    }

    private CompletionStage<BackstoreConfig> begin(Disk disk, NewStorage made, long bytesPerSecond, Author author) {
        MoveFiles files = files(disk);
        MoveFiles.Order order = new MoveFiles.Order(made.config(), bytesPerSecond);
        Move move = new Move(composition, disk, order, files, this);
        return CompletableFuture.supplyAsync(() -> keep(disk, made, files, order), runtime(disk)::execute)
                .thenCompose(kept -> move.watch())
                .thenApply(watched -> {
                    move.takeOver(null);
                    put(move, author);
                    move.begin(made);
                    return made.config();
                })
                .exceptionallyCompose(failure -> {
                    delete(files);
                    disk.wrap(store -> store, AGAIN);
                    return made.discard().thenCompose(undone -> CompletableFuture.failedFuture(failure));
                });
    }

    private void put(Move move, Author author) {
        String name = move.disk().config().name();
        moves.put(name, move);
        composition
                .jobs()
                .beginLong(
                        "moving backstore " + name + " to " + MoveOutcome.place(move.to()),
                        author,
                        move.result(),
                        new Moving(move));
    }

    private static VolumeRuntime runtime(Disk disk) {
        return disk.logicalUnit().volume().runtime();
    }

    private static Void keep(Disk disk, NewStorage made, MoveFiles files, MoveFiles.Order order) {
        BackstoreConfig from = disk.config();
        BackstoreConfig to = order.to();
        if (to.sizeBytes() != from.sizeBytes()) {
            throw refused("the new storage has " + to.sizeBytes() + " bytes, not the " + from.sizeBytes()
                    + " of the backstore: name other storage");
        }
        if (to.thin() != from.thin()) {
            throw refused("hosts give blocks back, and type " + to.type() + " cannot take them: name another type");
        }
        BlockGeometry there = made.given().store().geometry();
        if (there.blockSize() != from.blockSize() || there.sizeBytes() < from.sizeBytes()) {
            throw refused("the new storage has " + there.sizeBytes() + " bytes in blocks of " + there.blockSize()
                    + ", and the backstore " + from.sizeBytes() + " in blocks of " + from.blockSize()
                    + ": name other storage");
        }
        try {
            files.save(order);
        } catch (IOException failed) {
            throw refused("what is to be moved cannot be written down: " + failed.getMessage());
        }
        return null;
    }

    private static CompletionException refused(String why) {
        return new CompletionException(new ConfigException(why));
    }

    private MoveFiles files(Disk disk) {
        return new MoveFiles(stateFolder, disk.config().identity().naa());
    }

    private static void delete(MoveFiles files) {
        try {
            files.delete();
        } catch (IOException failed) {
            LOG.warn("a move that was not begun is still written down: {}", failed.getMessage());
        }
    }

    /** Goes on with what the last process has left of a move of a disk that is not open yet. */
    void resume(Disk disk) {
        MoveFiles files = files(disk);
        BackstoreConfig from = disk.config();
        try {
            MoveFiles.Order order = files.load();
            if (order == null) {
                return;
            }
            boolean moved = order.to().options().equals(from.options())
                    && order.to().type().equals(from.type());
            if (moved || order.to().sizeBytes() != from.sizeBytes()) {
                files.delete();
                return;
            }
            Move move = new Move(composition, disk, order, files, this);
            move.takeOver(files.takeDirty());
            move.watch();
            composition.busy().begin(from.name(), DOING);
            put(move, Author.GATEWAY);
            LOG.info("backstore={} its move to {} goes on", from.name(), MoveOutcome.place(order.to()));
            attempt(disk, move);
        } catch (IOException | ConfigException | IllegalArgumentException invalid) {
            LOG.error("backstore={} its move does not go on: {}", from.name(), invalid.getMessage());
        }
    }

    private void attempt(Disk disk, Move move) {
        if (!move.wanted()) {
            return;
        }
        try {
            Parts parts = composition.opener().find(move.to());
            NewStorage.open(move.to(), parts, composition.opener()).whenComplete((opened, failure) -> {
                if (failure == null) {
                    if (!parts.store().keepsData()) {
                        move.takeOver(null);
                    }
                    move.begin(opened);
                } else {
                    again(disk, move, String.valueOf(failure.getMessage()));
                }
            });
        } catch (MissingPartException missing) {
            again(disk, move, missing.getMessage());
        }
    }

    /** The new storage was closed because its bundle went. */
    @Override
    public void waits(Move move) {
        attempt(move.disk(), move);
    }

    private void again(Disk disk, Move move, String why) {
        move.waitFor("the new storage: " + why);
        runtime(disk).schedule(() -> attempt(disk, move), AGAIN);
    }

    void setRate(String name, long bytesPerSecond) throws ConfigException {
        try {
            require(name).setRate(bytesPerSecond);
        } catch (IOException failed) {
            throw new ConfigException("the rate of the move cannot be kept: " + failed.getMessage(), failed);
        }
    }

    void cancel(String name) throws ConfigException {
        Beginning beginning = beginnings.get(name);
        CompletionStage<Void> over;
        if (beginning == null) {
            over = require(name).cancel();
        } else {
            beginning.making().cancel();
            over = beginning.over().thenCompose(begun -> cancelBegun(name));
        }
        composition.await(over, "ending the move of backstore " + name);
    }

    /** It may have been made before it was cancelled. */
    private CompletionStage<Void> cancelBegun(String name) {
        Move begun = moves.get(name);
        return begun == null ? Backstore.done() : begun.cancel();
    }

    private Move require(String name) throws ConfigException {
        Move move = moves.get(name);
        if (move == null || move.over()) {
            throw ConfigException.notFound(
                    name, "backstore " + name + " is not being moved: backstore:moves shows those that are");
        }
        return move;
    }

    /** A bundle goes; completes when nothing of it is in use here. */
    CompletableFuture<Void> withdrawn(Offer<?> offer) {
        return Drains.all(
                moves.values().stream().map(move -> move.withdrawn(offer)).toList());
    }

    /** Stops copying. */
    Stopping stop() {
        Map<Move, CompletionStage<Void>> stopped = new HashMap<>();
        moves.values().forEach(move -> stopped.put(move, move.stop()));
        return () -> Drains.all(stopped.entrySet().stream()
                .map(entry ->
                        entry.getValue().thenCompose(idle -> entry.getKey().keep()))
                .toList());
    }

    /** Moves that are stopping. */
    @FunctionalInterface
    interface Stopping {
        /** Keeps what is left to copy, of each when nothing of it is under way; to be called when all disks are closed. */
        CompletableFuture<Void> keep();
    }
}
