package io.sluice.shell.completion;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Candidate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Names of files, from where a relative path begins. */
final class Files {

    private static final Logger LOG = LoggerFactory.getLogger(Files.class);
    /** More than anybody reads; a folder may have millions. */
    private static final int MOST = 500;

    private Files() {}

    /** Returns what is in the folder that a path is in; a folder goes on, so no blank follows it. */
    static Stream<Candidate> candidates(Path base, String typed) {
        String folder = typed.substring(0, typed.lastIndexOf('/') + 1);
        String begin = typed.substring(folder.length());
        List<Candidate> found = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                java.nio.file.Files.newDirectoryStream(base.resolve(folder), entry -> fits(entry, begin))) {
            for (Path entry : entries) {
                if (found.size() == MOST) {
                    break;
                }
                boolean isFolder = java.nio.file.Files.isDirectory(entry);
                String name = entry.getFileName() + (isFolder ? "/" : "");
                found.add(new Candidate(folder + name, name, null, null, null, null, !isFolder));
            }
        } catch (IOException | InvalidPathException unreadable) {
            LOG.debug("no file is offered for '{}': {}", typed, unreadable.toString());
        }
        return found.stream();
    }

    private static boolean fits(Path entry, String begin) {
        String name = entry.getFileName().toString();
        return name.startsWith(begin) && (!name.startsWith(".") || begin.startsWith("."));
    }
}
