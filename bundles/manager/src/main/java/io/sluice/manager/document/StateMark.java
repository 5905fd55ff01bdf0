package io.sluice.manager.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the folder of states that a gateway has had from one that has only its name, because it is not mounted yet, or something else
 * is mounted there: disks that are served from that one have forgotten their reservations, and that their data is in doubt. Both have
 * the same word in them: {@code folder-id} in the folder, and {@code gateway.json.state} beside the document, which knows it.
 *
 * <p>A document that knows none takes the folder as it is: it is new, or of a release that made no marks, or somebody has removed what
 * it knew. Guarded by its owner.
 */
public final class StateMark {

    private static final Logger LOG = LoggerFactory.getLogger(StateMark.class);

    private final Path folder;
    private final Path known;
    private final Path there;
    private final FileCalls calls;
    private final AtomicFiles files;

    /**
     * @param document beside which it is kept which folder it is
     * @param folder where states are
     */
    public StateMark(Path document, Path folder) {
        this(document, folder, FileCalls.MACHINE);
    }

    StateMark(Path document, Path folder, FileCalls calls) {
        Path absolute = document.toAbsolutePath();
        this.folder = folder.toAbsolutePath();
        this.known = absolute.resolveSibling(absolute.getFileName() + ".state");
        this.there = this.folder.resolve("folder-id");
        this.calls = calls;
        this.files = new AtomicFiles(calls);
    }

    /** Returns what is wrong with the folder, in one line with what to do; empty if it is the one, or none is known. Makes nothing. */
    public Optional<String> problem() {
        try {
            String expected = read(known);
            if (expected == null) {
                return Optional.empty();
            }
            String found = read(there);
            return expected.equals(found)
                    ? Optional.empty()
                    : Optional.of(problem(found == null ? "is missing" : "is that of another folder"));
        } catch (IOException unreadable) {
            return Optional.of(problem("cannot be compared (" + unreadable + ")"));
        }
    }

    private String problem(String why) {
        return "the state of the disks is not in " + folder + ": " + there + " " + why
                + ": mount the folder that has it, or name it by SLUICE_STATE, then restart; or remove " + known
                + " to go on without its reservations and saved settings";
    }

    /**
     * Has the document know the folder from now on. Where that cannot be written it is logged, and a folder that is missing later is
     * not noticed.
     */
    public void keep() {
        try {
            write();
        } catch (IOException failed) {
            LOG.warn(
                    "nobody can see at the next start whether {} is the same folder, because {} and {} cannot be written: {}",
                    folder,
                    there,
                    known,
                    failed.toString());
        }
    }

    /** What the document knows is there already; so whoever is interrupted between the two knows nothing yet. */
    void write() throws IOException {
        String expected = read(known);
        String found = read(there);
        if (found != null && found.equals(expected)) {
            return;
        }
        if (expected != null) {
            files.delete(known);
        }
        if (found == null) {
            found = UUID.randomUUID().toString();
            files.replace(there, line(found));
        }
        files.replace(known, line(found));
    }

    private static ByteBuffer line(String word) {
        return ByteBuffer.wrap((word + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Returns null if there is none, or nothing is in it. */
    private String read(Path file) throws IOException {
        String word = calls.exists(file) ? new String(calls.read(file), StandardCharsets.ISO_8859_1).strip() : "";
        return word.isEmpty() ? null : word;
    }
}
