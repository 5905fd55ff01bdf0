package io.sluice.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Has system calls of a running process fail for one file, by strace, until it is closed. */
final class FailingCalls implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final Process strace;
    private final Path log;

    private FailingCalls(Process strace, Path log) {
        this.strace = strace;
        this.log = log;
    }

    /**
     * Begins.
     *
     * @param file calls for other files do not count
     * @param calls names of system calls with commas between them; the first of each in a thread fails
     * @param how what becomes of it, such as {@code error=EIO}
     * @throws IOException if this machine does not let one process look into another, with the reason
     */
    static FailingCalls of(long pid, Path file, String calls, String how) throws IOException {
        return begin(pid, file, "inject=" + calls + ":" + how + ":when=1");
    }

    /** As {@link #of}, but all calls fail, or are left out and said to have succeeded if that is {@code how}. */
    static FailingCalls each(long pid, Path file, String calls, String how) throws IOException {
        return begin(pid, file, "inject=" + calls + ":" + how);
    }

    private static FailingCalls begin(long pid, Path file, String inject) throws IOException {
        Path log = Files.createTempFile(Path.of("target"), "strace", ".log");
        log.toFile().deleteOnExit();
        Process strace = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-p",
                        Long.toString(pid),
                        "-P",
                        file.toString(),
                        "-e",
                        inject,
                        "-o",
                        log.toString())
                .redirectErrorStream(true)
                .start();
        FailingCalls failing = new FailingCalls(strace, log);
        try {
            failing.awaitAttached();
        } catch (IOException refused) {
            failing.close();
            throw refused;
        }
        return failing;
    }

    /** What it says later is read too, so that it never waits for a reader. */
    private void awaitAttached() throws IOException {
        CompletableFuture<Void> attached = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(attached), "strace");
        reader.setDaemon(true);
        reader.start();
        try {
            attached.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            throw new IOException(refused.getCause().getMessage(), refused);
        } catch (TimeoutException late) {
            throw new IOException("strace does not attach", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private void read(CompletableFuture<Void> attached) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(strace.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append(' ');
                if (line.matches(".* attached with [0-9]+ threads")) {
                    attached.complete(null);
                }
            }
            attached.completeExceptionally(new IOException(said.toString()));
        } catch (IOException failed) {
            attached.completeExceptionally(failed);
        }
    }

    /** Returns how many calls have failed so far. */
    long count() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("(INJECTED)"))
                .count();
    }

    @Override
    public void close() throws IOException {
        strace.destroy();
        try {
            if (!strace.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                strace.destroyForcibly();
                throw new AssertionError("strace does not end");
            }
        } catch (InterruptedException interrupted) {
            strace.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
