package io.sluice.manager.document;

import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one unit on disk: {@code NAA.json}, {@code NAA.intent-ID} for what a write has overwritten that has to be whole or
 * to have never been, and {@code NAA.latched} while its blocks are not to be trusted. Files are replaced as a whole, and those
 * that are read by a program have a checksum. They are written on a thread of their own, so that nobody waits for the disk who
 * has something else to do.
 */
public final class UnitStateFiles implements UnitStateStore {

    private static final Logger LOG = LoggerFactory.getLogger(UnitStateFiles.class);

    private static final String INTENT = ".intent-";
    private static final String EXCHANGE = ".exchange";
    private static final String LATCHED = ".latched";

    /** What is kept as doubt is not known, as it could not be written; no reason has a line end. */
    private static final String UNSURE = "\n";

    private static final int MAX_STATE_BYTES = 4 << 20;

    private final StateListing listing;
    private final Path folder;
    private final String name;
    private final Executor writer;
    private final FileCalls calls;
    private final AtomicFiles files;

    /** What is kept as doubt, or is about to be; null if nothing. Guarded by this. */
    private String doubt;

    /** What was kept aside for blocks that are those of another unit now, and may still be there. */
    private final Set<Path> handed = ConcurrentHashMap.newKeySet();

    /**
     * @param folder where states are; made when it is needed
     * @param naa the unit's designator, by which its files are named
     * @param writer writes, one file after the other
     */
    public UnitStateFiles(Path folder, String naa, Executor writer) {
        this(new StateListing(folder), naa, writer);
    }

    /**
     * Of one of many units.
     *
     * @param listing of the folder, which all of them have
     * @param naa the unit's designator, by which its files are named
     * @param writer writes, one file after the other
     */
    public UnitStateFiles(StateListing listing, String naa, Executor writer) {
        this.listing = listing;
        this.folder = listing.folder();
        this.name = naa;
        this.writer = writer;
        this.calls = listing.calls();
        this.files = new AtomicFiles(calls);
    }

    private Path file() {
        return folder.resolve(name + ".json");
    }

    private Path intent(long id) {
        return folder.resolve(name + INTENT + id);
    }

    @Override
    public UnitState load() throws IOException {
        removeLeftovers();
        Path file = file();
        if (!calls.exists(file)) {
            return UnitState.NEW;
        }
        if (calls.size(file) > MAX_STATE_BYTES) {
            throw new IOException(file + " is larger than " + MAX_STATE_BYTES + " bytes");
        }
        try {
            return StateJson.read(calls.read(file));
        } catch (StateJson.InvalidException invalid) {
            throw new IOException(
                    file + " is not valid: " + invalid.getMessage()
                            + ": restore it, or remove it to begin without reservations and saved settings",
                    invalid);
        }
    }

    /** What was being written when the process ended was never said to be saved. */
    private void removeLeftovers() {
        try {
            for (Path file : listing.takeLeftovers(name)) {
                calls.delete(file);
            }
        } catch (IOException failed) {
            LOG.warn("unfinished files of unit {} in {} cannot be removed: {}", name, folder, failed.toString());
        }
    }

    /** File work. */
    @FunctionalInterface
    private interface Work {
        void perform() throws IOException;
    }

    private CompletionStage<Void> write(Work work) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            writer.execute(() -> {
                try {
                    work.perform();
                    written.complete(null);
                } catch (Throwable failed) {
                    written.completeExceptionally(failed);
                }
            });
        } catch (RejectedExecutionException stopped) {
            written.completeExceptionally(stopped);
        }
        return written;
    }

    @Override
    public CompletionStage<Void> save(UnitState state) {
        return write(() -> {
            byte[] written = StateJson.write(state);
            if (written.length > MAX_STATE_BYTES) {
                throw new IOException(file() + " would be larger than " + MAX_STATE_BYTES + " bytes");
            }
            files.replace(file(), ByteBuffer.wrap(written));
        });
    }

    @Override
    public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
        return write(() -> {
            listing.keeps(name, intent(id));
            files.replace(intent(id), IntentFormat.write(id, lba, data));
            handed.remove(intent(id));
        });
    }

    @Override
    public CompletionStage<Void> clearIntent(long id) {
        return write(() -> remove(name, intent(id)));
    }

    private void remove(String unit, Path intent) throws IOException {
        files.delete(intent);
        listing.letGo(unit, intent);
    }

    @Override
    public List<Intent> loadIntents() throws IOException {
        List<Intent> intents = new ArrayList<>();
        for (Path file : listing.intents(name)) {
            try {
                if (!handed.contains(file)) {
                    intents.add(readIntent(file));
                }
            } catch (NoSuchFileException letGo) {
                LOG.debug("{} was let go by the write that kept it", file);
            }
        }
        return intents;
    }

    /**
     * The blocks are about to become those of another unit, and this one is to get others: what is kept aside for them is kept
     * for that unit too, until {@link #handed} or, after a crash, {@link #settle}.
     *
     * @param naa designator of the other unit
     * @param successor name of the backstore that this unit is of when that is decided
     * @return completes when it survives a power loss
     */
    public CompletionStage<Void> hand(String naa, String successor) {
        return write(() -> {
            List<Path> kept = kept();
            if (kept.isEmpty()) {
                return;
            }
            Exchange exchange =
                    new Exchange(successor, naa, kept.stream().map(this::id).toList());
            files.replace(exchangeFile(), ByteBuffer.wrap(exchange.text().getBytes(StandardCharsets.UTF_8)));
            for (Path file : kept) {
                Path theirs = folder.resolve(naa + INTENT + id(file));
                listing.keeps(naa, theirs);
                files.replace(theirs, ByteBuffer.wrap(calls.read(file)));
            }
        });
    }

    /**
     * That is over.
     *
     * @param decided whether the blocks are those of the other unit now; otherwise all is as before
     * @return completes when what nobody needs any more is removed. If that fails, it is not {@link #loadIntents loaded} again.
     */
    public CompletionStage<Void> handed(boolean decided) {
        return write(() -> sweep(decided));
    }

    private void sweep(boolean decided) throws IOException {
        if (!calls.exists(exchangeFile())) {
            return;
        }
        Exchange exchange = exchange();
        String unit = decided ? name : exchange.naa();
        List<Path> needless = exchange.ids().stream()
                .map(id -> folder.resolve(unit + INTENT + id))
                .toList();
        if (decided) {
            handed.addAll(needless);
        }
        for (Path file : needless) {
            remove(unit, file);
        }
        files.delete(exchangeFile());
    }

    /**
     * Makes up for a crash between {@link #hand} and {@link #handed}.
     *
     * @param backstore whose unit it is by the configuration
     */
    public void settle(String backstore) throws IOException {
        if (calls.exists(exchangeFile())) {
            sweep(exchange().successor().equals(backstore));
        }
    }

    private Exchange exchange() throws IOException {
        List<String> lines = new String(calls.read(exchangeFile()), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (lines.size() < 3 || !lines.stream().skip(1).allMatch(line -> line.matches("[0-9a-f]{1,32}"))) {
            throw new IOException(exchangeFile() + " is not valid: it names what " + name + INTENT
                    + "* were kept aside for when a lun:replace was interrupted; remove it to have them put back");
        }
        return new Exchange(lines.get(0), lines.get(1), lines.subList(2, lines.size()));
    }

    private Path exchangeFile() {
        return folder.resolve(name + EXCHANGE);
    }

    /**
     * What was about to be handed over.
     *
     * @param successor name of the backstore that the unit was to be of
     * @param naa designator of the unit that was to get the blocks
     * @param ids of what was kept aside
     */
    private record Exchange(String successor, String naa, List<String> ids) {

        /** Returns a line for each. */
        private String text() {
            return successor + "\n" + naa + "\n" + String.join("\n", ids) + "\n";
        }
    }

    private String id(Path file) {
        return file.getFileName().toString().substring((name + INTENT).length());
    }

    private Intent readIntent(Path file) throws IOException {
        long id = Long.parseLong(id(file));
        try {
            if (calls.size(file) > IntentFormat.MAX_BYTES) {
                throw new IntentFormat.InvalidException("it is larger than " + IntentFormat.MAX_BYTES + " bytes");
            }
            return IntentFormat.read(id, calls.read(file));
        } catch (IntentFormat.InvalidException invalid) {
            throw new IOException(
                    file + " is not valid: " + invalid.getMessage()
                            + ": an atomic write that was interrupted cannot be undone; restore it, or remove it to go without",
                    invalid);
        }
    }

    /** Returns what is kept aside. What is not there was let go by a call that said it had failed; nobody knows of what cannot be seen. */
    private List<Path> kept() throws IOException {
        List<Path> kept = new ArrayList<>();
        for (Path file : listing.intents(name)) {
            try {
                calls.size(file);
                kept.add(file);
            } catch (NoSuchFileException letGo) {
                LOG.debug("{} was let go", file);
            }
        }
        return kept;
    }

    private Path latchedFile() {
        return folder.resolve(name + LATCHED);
    }

    /** Returns what an earlier process has kept by {@link #keepDoubt}; null if nothing. To be called before that. */
    public synchronized String doubt() throws IOException {
        if (calls.exists(latchedFile())) {
            doubt = new String(calls.read(latchedFile()), StandardCharsets.UTF_8).strip();
        }
        return doubt;
    }

    /**
     * Keeps it for the next process that the blocks are not to be trusted, as well as that can be done; nobody waits for it.
     *
     * @param reason why, one line for the operator; null if they are
     */
    public synchronized void keepDoubt(String reason) {
        if (Objects.equals(reason, doubt)) {
            return;
        }
        doubt = reason;
        write(() -> {
                    if (reason == null) {
                        files.delete(latchedFile());
                    } else {
                        files.replace(latchedFile(), ByteBuffer.wrap((reason + "\n").getBytes(StandardCharsets.UTF_8)));
                    }
                })
                .whenComplete((kept, failed) -> {
                    if (failed != null) {
                        LOG.error(
                                "{} cannot be {}, so the next start does not know: {}",
                                latchedFile(),
                                reason == null ? "removed" : "written",
                                failed.toString());
                        tryAgain(reason);
                    }
                });
    }

    /** Whoever says the same again has it written again. */
    private synchronized void tryAgain(String reason) {
        if (Objects.equals(reason, doubt)) {
            doubt = UNSURE;
        }
    }

    /** Removes everything, whether it can be read or not, also what is about to be written: the unit is gone. */
    public void delete() throws IOException {
        try {
            write(() -> {
                        files.delete(file());
                        files.delete(exchangeFile());
                        files.delete(latchedFile());
                        for (Path intent : listing.intents(name)) {
                            remove(name, intent);
                        }
                    })
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException failed) {
            throw new IOException(failed.getCause().getMessage(), failed.getCause());
        }
    }
}
