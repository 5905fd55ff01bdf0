package io.sluice.shell.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip of parts, each read by a thread of its own with a deadline: what hangs, or fails, or is too large is left out, and
 * {@code problems.txt} says so. One is made at a time.
 */
public final class SupportBundle {

    /**
     * What a bundle may take.
     *
     * @param part time for one part
     * @param all time for everything
     * @param bytes size of all parts before they are packed, so the file is smaller
     */
    public record Limits(Duration part, Duration all, long bytes) {}

    /** What everybody gets. */
    public static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(55), 60L << 20);

    private static final AtomicBoolean BUSY = new AtomicBoolean();

    private final Limits limits;
    private final List<String> problems = new ArrayList<>();
    private long deadline;
    private long left;

    /** @param limits what it may take */
    public SupportBundle(Limits limits) {
        this.limits = limits;
    }

    /**
     * Writes the file, which only its owner can read and which is there only when it is whole.
     *
     * @return what was left out, a line each
     * @throws IOException if it cannot be written; the message is for the user
     */
    public List<String> write(Path file, List<Part> parts) throws IOException {
        if (!BUSY.compareAndSet(false, true)) {
            throw new IOException("another support bundle is being made: wait until it is there");
        }
        FutureTask<List<String>> all = new FutureTask<>(() -> {
            try {
                return writeAll(file, parts);
            } finally {
                BUSY.set(false);
            }
        });
        begin(all);
        try {
            return all.get(limits.all().plus(limits.part().dividedBy(2)).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hangs) {
            throw new IOException("the disk of " + file + " does not answer: name a file on another one", hangs);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted: nothing was written", stop);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof FileAlreadyExistsException) {
                throw new IOException("there is a " + file + " already: name another file", failed);
            }
            throw new IOException(file + " cannot be written: " + failed.getCause(), failed);
        }
    }

    private static void begin(Runnable work) {
        Thread thread = new Thread(work, "sluice-support");
        thread.setDaemon(true);
        thread.start();
    }

    private List<String> writeAll(Path file, List<Part> parts) throws IOException {
        deadline = System.nanoTime() + limits.all().toNanos();
        left = limits.bytes();
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        Files.deleteIfExists(part);
        Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (OutputStream out = Files.newOutputStream(part);
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                for (Part next : parts) {
                    add(zip, next);
                }
                put(zip, "problems.txt", problems.isEmpty() ? "none\n" : String.join("\n", problems) + "\n");
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return List.copyOf(problems);
    }

    private void add(ZipOutputStream zip, Part part) throws IOException {
        long nanos = Math.min(limits.part().toNanos(), deadline - System.nanoTime());
        FutureTask<String> reading = new FutureTask<>(part.source()::read);
        try {
            if (nanos <= 0) {
                throw new TimeoutException();
            }
            begin(reading);
            put(zip, part.name(), reading.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            reading.cancel(true);
            problems.add(part.name() + ": it was not there in time; something that it asks does not answer");
        } catch (ExecutionException failed) {
            // A message may have anything in it, a class has not.
            problems.add(part.name() + ": it could not be read: "
                    + failed.getCause().getClass().getSimpleName());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", stop);
        }
    }

    private void put(ZipOutputStream zip, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > left) {
            problems.add(name + ": there was no room for it");
            return;
        }
        left -= bytes.length;
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
