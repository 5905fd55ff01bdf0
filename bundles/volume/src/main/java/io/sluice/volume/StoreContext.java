package io.sluice.volume;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What one backstore lives with: threads, of which one that hangs takes none from anybody else, and files with its secrets.
 * Nobody interrupts the threads: an interrupt would close a file under everybody who uses it.
 */
public final class StoreContext implements BackstoreContext, AutoCloseable {

    private static final int MAX_SECRET_BYTES = 64 << 10;

    private final String name;
    private final Map<String, String> options;
    private final Consumer<BackstoreEvent> events;
    private final Making making;
    private final boolean doubtful;
    private final StoreExecutor threads;

    /** As the other one, of storage that is there. */
    public StoreContext(
            StoreThreads shared, String name, Map<String, String> options, Consumer<BackstoreEvent> events) {
        this(shared, name, options, events, false);
    }

    /** As the other one, of storage that may not have all that a cache of the system has. */
    public StoreContext(
            StoreThreads shared,
            String name,
            Map<String, String> options,
            Consumer<BackstoreEvent> events,
            boolean doubtful) {
        this(shared, name, options, events, new Making(), doubtful);
    }

    /**
     * @param shared where its threads come from
     * @param name name of the backstore
     * @param options its settings, of which some name files with secrets
     * @param events told what the store raises; must not wait
     * @param making told how far storage is that is being made, and says whether it is wanted
     */
    public StoreContext(
            StoreThreads shared,
            String name,
            Map<String, String> options,
            Consumer<BackstoreEvent> events,
            Making making) {
        this(shared, name, options, events, making, false);
    }

    private StoreContext(
            StoreThreads shared,
            String name,
            Map<String, String> options,
            Consumer<BackstoreEvent> events,
            Making making,
            boolean doubtful) {
        this.name = name;
        this.options = Map.copyOf(options);
        this.events = events;
        this.making = making;
        this.doubtful = doubtful;
        threads = new StoreExecutor(name, shared);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Executor executor() {
        return threads;
    }

    @Override
    public <T> CompletionStage<T> call(BlockingCall<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(work.call());
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException refused) {
            result.completeExceptionally(
                    new BackstoreException(Fault.NOT_READY, "backstore " + name + " takes no more work", refused));
        }
        return result;
    }

    @Override
    public void progress(double share) {
        making.tell(share);
    }

    @Override
    public boolean isCancelled() {
        return making.isCancelled();
    }

    @Override
    public boolean isDoubtful() {
        return doubtful;
    }

    @Override
    public void raise(BackstoreEvent event) {
        events.accept(event);
    }

    @Override
    public Secret secret(String option) throws BackstoreException {
        String path = options.get(option);
        if (path == null) {
            return null;
        }
        try {
            return new Secret(read(Path.of(path)));
        } catch (IOException | InvalidPathException failed) {
            // What the user has given may be the secret itself, so that no message shows it.
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "option " + option + " of backstore " + name
                            + " has to name a file that only its owner can read, with the secret in it: "
                            + reason(failed));
        }
    }

    private static String reason(Exception failed) {
        return failed instanceof InsecureException insecure ? insecure.getMessage() : "there is none that can be read";
    }

    /** A file that is not fit to hold a secret. */
    private static final class InsecureException extends IOException {
        private static final long serialVersionUID = 1L;

        InsecureException(String message) {
            super(message);
        }
    }

    private static byte[] read(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        boolean open =
                permissions.stream().anyMatch(permission -> !permission.name().startsWith("OWNER"));
        if (open) {
            throw new InsecureException("others can read the file, chmod 600 it");
        }
        if (Files.size(file) > MAX_SECRET_BYTES) {
            throw new InsecureException("the file is larger than " + MAX_SECRET_BYTES + " bytes");
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Ends the threads when they have done what they have; to be called when the store is closed. */
    @Override
    public void close() {
        threads.close();
    }
}
