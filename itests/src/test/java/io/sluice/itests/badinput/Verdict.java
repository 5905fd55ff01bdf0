package io.sluice.itests.badinput;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.itests.Tool;
import io.sluice.itests.VerifiedLoad;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What has to hold whatever was done: the process lives, the verified I/O beside goes on, the log tells of no bug and no leak,
 * and what was taken is given back.
 */
final class Verdict implements AutoCloseable {

    /** So many writes of the load beside have to end after an attempt, and at least one for each second of it. */
    private static final int PROGRESS = 3;

    /** Leaves the processors to the attempts. */
    private static final Duration PAUSE = Duration.ofMillis(2);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Three times as long as it takes until free memory goes back to the machine. */
    private static final Duration TRIMMED = Duration.ofSeconds(45);

    /** What one session with one command of 4 KiB under way may have. */
    private static final long BASE_BYTES = 16 << 10;

    /** What a process that has done all this may have more than one that has served a session. */
    private static final long KEPT_KIB = 192 << 10;

    /** Of the heap, which a virtual machine does not give back, that is what is in use. */
    private static final long KEPT_HEAP_KIB = 16 << 10;

    /** Lines of a stack, of Netty's leak detector, and of our own where something cannot be. */
    private static final Pattern BUG = Pattern.compile(
            "^\\s+at \\S+\\(.*\\)|LEAK|met a bug|OutOfMemory|INTERNAL TARGET FAILURE", Pattern.MULTILINE);

    /** Karaf's way to log that somebody has no role for a command. */
    private static final Pattern ROLE_MISSING =
            Pattern.compile("java\\.lang\\.SecurityException: Insufficient credentials\\.\\R(\\s+at .*\\R)+");

    private final World world;
    private final VerifiedLoad load;
    private final long pid;
    private final long residentKiB;
    private final long heapKiB;
    private long logged;
    private long done;
    private long begun;

    Verdict(World world) throws IOException, InterruptedException {
        this.world = world;
        this.pid = world.pid();
        this.load = new VerifiedLoad(world.portal(), World.BESIDE, 1, PAUSE);
        load.over(Duration.ofSeconds(2));
        this.residentKiB = world.sluice().residentKiB();
        this.heapKiB = Heap.usedKiB(pid);
    }

    /** An attempt begins. */
    void begin() throws IOException {
        logged = log().length();
        done = load.done();
        begun = System.nanoTime();
    }

    /** An attempt is over. */
    void check() throws IOException {
        alive();
        long seconds = Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        if (load.done() - done < seconds) {
            throw new AssertionError(
                    "the load beside came to " + (load.done() - done) + " writes in " + seconds + " s");
        }
        long now = load.done();
        World.await("the load beside goes on", PATIENCE, () -> load.done() - now >= PROGRESS);
        noBugLogged();
    }

    private void alive() throws IOException {
        if (world.pid() != pid
                || !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
            throw new AssertionError("the process is gone");
        }
    }

    private void noBugLogged() throws IOException {
        String lines = ROLE_MISSING.matcher(newLines()).replaceAll("");
        if (BUG.matcher(lines).find()) {
            throw new AssertionError("the log tells of a bug or a leak:\n" + lines);
        }
    }

    private String newLines() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(log(), "r")) {
            byte[] bytes = new byte[(int) Math.max(0, file.length() - logged)];
            file.seek(Math.min(logged, file.length()));
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private File log() {
        return world.sluice().folder().resolve("data/log/karaf.log").toFile();
    }

    /** A group is over: nothing of it is left, and what was forgotten comes to light with a collection. */
    void checkGroup() throws IOException {
        logged = 0;
        Tool.run(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), "GC.run")
                .expectSuccess();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> left = left();
        while (!left.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("is not given back: " + left);
            }
            left = left();
        }
        check();
    }

    private List<String> left() throws IOException {
        JsonNode status = world.status();
        return Stream.of(
                        over(status, "sessions", 1),
                        over(status, "connections", 1),
                        over(status, "dataMemoryBytes", BASE_BYTES),
                        over(status, "waitingForMemory", 0))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> over(JsonNode status, String key, long base) {
        long value = status.required(key).asLong();
        return value <= base ? Optional.empty() : Optional.of(key + " is " + value);
    }

    /** All is over. */
    @Override
    public void close() {
        load.close();
        try {
            long heap = Heap.usedKiB(pid);
            System.out.printf("heap in use: %d MiB before all bad inputs, %d after%n", heapKiB >> 10, heap >> 10);
            if (heap - heapKiB > KEPT_HEAP_KIB) {
                throw new AssertionError("the heap in use went from " + heapKiB + " to " + heap + " KiB");
            }
            long now = residentWhenGivenBack();
            System.out.printf("resident: %d MiB before all bad inputs, %d after%n", residentKiB >> 10, now >> 10);
            if (now - residentKiB > KEPT_KIB) {
                throw new AssertionError("resident memory went from " + residentKiB + " to " + now + " KiB");
            }
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /** What is free goes back to the machine now and then, not at once. */
    private long residentWhenGivenBack() throws IOException {
        long deadline = System.nanoTime() + TRIMMED.toNanos();
        long now = world.sluice().residentKiB();
        while (now - residentKiB > KEPT_KIB && System.nanoTime() < deadline) {
            now = world.sluice().residentKiB();
        }
        return now;
    }
}
