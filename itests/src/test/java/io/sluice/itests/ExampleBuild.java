package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds the examples as a stranger does, with their own poms and tests, from what a local repository would have of this build:
 * without the network, and without leaving anything in the local repository of the machine.
 */
final class ExampleBuild {

    private static final List<String> EXAMPLES = List.of("backstore-skeleton", "backstore-vhd", "embedded");
    private static final List<String> POMS = List.of("sluice", "bundles");
    private static final List<String> JARS =
            List.of("api", "testkit", "volume", "scsi", "iscsi", "manager", "embedded");
    private static final Pattern VERSION = Pattern.compile("<artifactId>sluice</artifactId>\\s*<version>([^<]+)<");

    private final Path project =
            Path.of(System.getProperty("sluice.project")).toAbsolutePath().normalize();
    private final Path folder =
            Path.of("target", "examples-" + ProcessHandle.current().pid()).toAbsolutePath();
    private final Path repository = folder.resolve("repository");

    /** Builds all of them, with their tests. */
    void run() throws IOException {
        Path machine =
                Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));
        linkAllBut(machine, repository, "io");
        linkAllBut(machine.resolve("io"), repository.resolve("io"), "sluice");
        String version = version();
        for (String pom : POMS) {
            put(pom, version, "pom", pom.equals("sluice") ? project : project.resolve("bundles"));
        }
        for (String jar : JARS) {
            put(jar, version, "jar", project.resolve("bundles").resolve(jar));
        }
        StringBuilder modules = new StringBuilder();
        for (String example : EXAMPLES) {
            copySources(project.resolve("examples").resolve(example), folder.resolve(example));
            modules.append("<module>").append(example).append("</module>");
        }
        Path pom = Files.writeString(
                folder.resolve("pom.xml"),
                "<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId>"
                        + "<version>1</version><packaging>pom</packaging><modules>" + modules + "</modules></project>");
        Tool.run(
                        project.resolve("mvnw").toString(),
                        "-q",
                        "-o",
                        "-B",
                        "-f",
                        pom.toString(),
                        "-Dmaven.repo.local=" + repository,
                        "verify")
                .expectSuccess();
    }

    /** Returns what the build of an example has made. */
    Path jar(String example) {
        return folder.resolve(example).resolve("target").resolve(example + "-1.0.0.jar");
    }

    private String version() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(project.resolve("pom.xml")));
        if (!version.find()) {
            throw new AssertionError("pom.xml does not begin with the version");
        }
        return version.group(1);
    }

    private static void linkAllBut(Path from, Path to, String left) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> all = Files.list(from)) {
            for (Path one : all.toList()) {
                if (!one.getFileName().toString().equals(left)) {
                    Files.createSymbolicLink(to.resolve(one.getFileName()), one);
                }
            }
        }
    }

    private void put(String artifact, String version, String packaging, Path module) throws IOException {
        Path to = Files.createDirectories(
                repository.resolve("io/sluice").resolve(artifact).resolve(version));
        String name = artifact + "-" + version;
        Files.copy(module.resolve("pom.xml"), to.resolve(name + ".pom"));
        if (packaging.equals("jar")) {
            Files.copy(module.resolve("target").resolve(name + ".jar"), to.resolve(name + ".jar"));
        }
    }

    private static void copySources(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one :
                    all.filter(path -> !path.startsWith(from.resolve("target"))).toList()) {
                Files.createDirectories(to.resolve(from.relativize(one)).getParent());
                Files.copy(one, to.resolve(from.relativize(one)), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
