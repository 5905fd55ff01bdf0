package io.sluice.shell.support;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/** What of the files of an instance goes into a support bundle, and what of them is a secret. */
public final class FileParts {

    /** An instance that has no disk yet has not all folders. */
    private static final String NOT_THERE = " is not there\n";

    private static final int LOG_BYTES = 10 << 20;
    private static final int SETTINGS_BYTES = 1 << 20;
    private static final int MOST_FILES = 10_000;
    private static final int SECRET_BYTES = 64 << 10;

    /** They are nothing but secrets, or say who may log in. */
    private static final Set<String> NEVER = Set.of("users.properties", "keys.properties");

    private final Folders folders;

    /** @param folders where the files are */
    public FileParts(Folders folders) {
        this.folders = folders;
    }

    /** Returns the secrets that files of this instance have. */
    public List<String> secrets() throws IOException {
        List<String> secrets = new ArrayList<>();
        Path kept = folders.etc().resolve("secrets");
        for (Path file : Files.isDirectory(kept) ? files(kept) : List.<Path>of()) {
            tail(file, SECRET_BYTES).lines().forEach(secrets::add);
        }
        for (String file : List.of("client.key", "users.properties")) {
            Path path = folders.etc().resolve(file);
            if (Files.isRegularFile(path)) {
                tail(path, SECRET_BYTES)
                        .lines()
                        .filter(line -> !line.startsWith("#") && !line.startsWith("-----"))
                        .map(line -> line.replaceFirst("^[^=]*= *", "").replaceFirst(",.*", ""))
                        .filter(secret -> !secret.startsWith("group"))
                        .forEach(secrets::add);
            }
        }
        return secrets;
    }

    /** Returns the parts. */
    public List<Part> parts(Redactor redactor) {
        List<Part> parts = new ArrayList<>();
        for (String log : List.of("karaf.log", "audit.log", "console.log")) {
            parts.add(new Part("log/" + log, () -> redactor.text(log(log))));
        }
        parts.add(new Part("etc/gateway.json", () -> document(redactor)));
        parts.add(new Part("etc/settings.txt", () -> settings(redactor)));
        parts.add(new Part("files/state.txt", () -> list(folders.state())));
        parts.add(new Part("files/etc.txt", () -> list(folders.etc())));
        parts.add(new Part("files/volumes.txt", () -> list(folders.volumes())));
        parts.add(new Part("machine/file-system-of-etc.txt", () -> fileSystem(folders.etc())));
        parts.add(new Part("machine/file-system-of-data.txt", () -> fileSystem(folders.data())));
        parts.add(new Part("machine/file-system-of-state.txt", () -> fileSystem(folders.state())));
        parts.add(new Part("machine/file-system-of-volumes.txt", () -> fileSystem(folders.volumes())));
        return parts;
    }

    /** Returns the end of a log, beginning in those that were put aside if the last one has just begun. */
    private String log(String name) throws IOException {
        List<Path> newestFirst = new ArrayList<>();
        for (Path file : files(folders.data().resolve("log"))) {
            if (file.getFileName().toString().matches("\\Q" + name + "\\E(\\.\\d{1,9})?")) {
                newestFirst.add(file);
            }
        }
        newestFirst.sort(Comparator.comparing((Path file) -> file.toFile().lastModified())
                .thenComparing(file -> file.endsWith(name))
                .reversed());
        StringBuilder text = new StringBuilder();
        for (Path file : newestFirst) {
            if (text.length() < LOG_BYTES) {
                text.insert(0, tail(file, LOG_BYTES - text.length()));
            }
        }
        return text.toString();
    }

    /** A document that cannot be read is a text like others. */
    private String document(Redactor redactor) throws IOException {
        String text = tail(folders.etc().resolve("gateway.json"), LOG_BYTES);
        try {
            return redactor.json(text);
        } catch (IllegalArgumentException damaged) {
            return "It is damaged.\n" + redactor.text(text);
        }
    }

    private String settings(Redactor redactor) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : files(folders.etc())) {
            String name = file.getFileName().toString();
            if (name.matches(".*\\.(cfg|properties)") && !NEVER.contains(name) && Files.size(file) < SETTINGS_BYTES) {
                Properties settings = new Properties();
                try (Reader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                    settings.load(in);
                    all.append("==== ")
                            .append(name)
                            .append('\n')
                            .append(redactor.settings(settings))
                            .append('\n');
                } catch (IllegalArgumentException malformed) {
                    all.append("==== ").append(name).append(" is malformed\n\n");
                }
            }
        }
        return all.toString();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList();
        }
    }

    /** Names, sizes and rights: no content. */
    private static String list(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return folder + NOT_THERE;
        }
        StringBuilder text = new StringBuilder(folder + "\n");
        try (Stream<Path> all = Files.walk(folder, 3)) {
            for (Path file : all.limit(MOST_FILES).sorted().toList()) {
                BasicFileAttributes facts =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                String rights =
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
                text.append(rights).append(' ').append(facts.size()).append(' ').append(facts.lastModifiedTime());
                text.append(' ')
                        .append(folder.relativize(file))
                        .append(facts.isDirectory() ? "/" : "")
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String fileSystem(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return folder + NOT_THERE;
        }
        FileStore store = Files.getFileStore(folder);
        return folder + " is on " + store + "\ntype " + store.type() + "\nbytes " + store.getTotalSpace() + "\nusable "
                + store.getUsableSpace() + "\nread-only " + store.isReadOnly() + "\n";
    }

    private static String tail(Path file, int bytes) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long begin = Math.max(0, channel.size() - bytes);
            channel.position(begin);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(bytes, channel.size() - begin));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // It may have become shorter meanwhile.
            }
            String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
            // Half of a line may be half of a secret that nobody recognizes.
            return begin == 0 ? text : text.substring(text.indexOf('\n') + 1);
        }
    }
}
