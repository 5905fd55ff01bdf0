package io.sluice.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A repository of features with a newer version of the gateway: the bundles of the distribution, under another version. */
final class NewerVersion {

    static final String VERSION = "99.0.0";

    private final Path repository;

    /** @param home an unpacked distribution */
    NewerVersion(Path home) throws IOException {
        Path folder = Files.createDirectories(
                Path.of("target", "newer-" + ProcessHandle.current().pid()).toAbsolutePath());
        Path features = only(home.resolve("system/io/sluice/features"));
        String text = Files.readString(only(features));
        String old = features.getFileName().toString();
        for (Path bundle : list(home.resolve("system/io/sluice"))) {
            String name = bundle.getFileName().toString();
            Path jar = folder.resolve(name + "-" + VERSION + ".jar");
            if (!name.equals("features")) {
                rename(only(only(bundle)), jar);
            }
            text = text.replace("mvn:io.sluice/" + name + "/" + old + "<", jar.toUri() + "<");
        }
        repository = folder.resolve("features.xml");
        Files.writeString(repository, text.replace(old, VERSION));
    }

    /** Returns where {@code feature:repo-add} finds it. */
    String address() {
        return repository.toUri().toString();
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Path only(Path folder) throws IOException {
        List<Path> files = list(folder);
        if (files.size() != 1) {
            throw new IOException("one file is expected in " + folder + ", but there are " + files);
        }
        return files.get(0);
    }

    private static void rename(Path jar, Path as) throws IOException {
        try (JarFile old = new JarFile(jar.toFile())) {
            Manifest manifest = old.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", VERSION);
            try (OutputStream file = Files.newOutputStream(as);
                    JarOutputStream out = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(old.entries())) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream in = old.getInputStream(entry)) {
                            in.transferTo(out);
                        }
                    }
                }
            }
        }
    }
}
