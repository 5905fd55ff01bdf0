package io.sluice.shell.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a bundle has, and that nothing that fails, hangs or is too large keeps it from being written. */
public class SupportBundleTest {

    private static final SupportBundle.Limits SHORT =
            new SupportBundle.Limits(Duration.ofSeconds(5), Duration.ofSeconds(60), 1000);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file() {
        return folder.getRoot().toPath().resolve("bundle.zip");
    }

    static Map<String, String> read(Path file) throws IOException {
        Map<String, String> parts = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (var entry :
                    (Iterable<java.util.zip.ZipEntry>) zip.stream().map(e -> (java.util.zip.ZipEntry) e)::iterator) {
                parts.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return parts;
    }

    @Test
    public void whatFailsOrHangsOrIsTooLargeIsListed() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<String> problems = new SupportBundle(SHORT)
                .write(
                        file(),
                        List.of(
                                new Part("hangs", () -> {
                                    never.await();
                                    return "";
                                }),
                                new Part("fails", () -> {
                                    throw new IOException("password=k9hidden7z");
                                }),
                                new Part("breaks", () -> {
                                    throw new StackOverflowError();
                                }),
                                new Part("large", () -> "x".repeat(1001)),
                                new Part("good", () -> "y")));
        never.countDown();
        Map<String, String> parts = read(file());
        assertEquals("y", parts.get("good"));
        assertEquals(List.of("good", "problems.txt"), List.copyOf(parts.keySet()));
        assertEquals(problems, parts.get("problems.txt").lines().toList());
        assertEquals(
                List.of("hangs", "fails", "breaks", "large"),
                problems.stream().map(line -> line.split(":")[0]).toList());
        assertFalse(parts.toString(), parts.toString().contains("k9hidden7z"));
    }

    @Test
    public void onlyItsOwnerReadsItAndNothingElseIsLeft() throws Exception {
        new SupportBundle(SHORT).write(file(), List.of(new Part("a", () -> "b")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertEquals("none\n", read(file()).get("problems.txt"));
        String refused = assertThrows(IOException.class, () -> new SupportBundle(SHORT).write(file(), List.of()))
                .getMessage();
        assertEquals("there is a " + file() + " already: name another file", refused);
        assertEquals("the first one is there still", "b", read(file()).get("a"));
        assertThrows(IOException.class, () -> new SupportBundle(SHORT)
                .write(folder.getRoot().toPath().resolve("no/such/folder.zip"), List.of()));
        try (Stream<Path> left = Files.list(folder.getRoot().toPath())) {
            assertEquals(List.of(file()), left.toList());
        }
    }

    @Test
    public void oneIsMadeAtATime() throws Exception {
        Path second = folder.getRoot().toPath().resolve("second.zip");
        String[] refused = {""};
        new SupportBundle(SHORT).write(file(), List.of(new Part("other", () -> {
            refused[0] = assertThrows(IOException.class, () -> new SupportBundle(SHORT).write(second, List.of()))
                    .getMessage();
            return refused[0];
        })));
        assertTrue(refused[0], refused[0].startsWith("another support bundle is being made"));
        new SupportBundle(SHORT).write(second, List.of());
    }

    @Test
    public void theTimeForEverythingIsBounded() throws Exception {
        SupportBundle.Limits limits = new SupportBundle.Limits(Duration.ofSeconds(2), Duration.ofSeconds(3), 1 << 20);
        CountDownLatch never = new CountDownLatch(1);
        Part hangs = new Part("hangs", () -> {
            never.await();
            return "";
        });
        List<String> problems = new SupportBundle(limits)
                .write(file(), Stream.generate(() -> hangs).limit(100).toList());
        never.countDown();
        assertEquals("each is listed, and most have not been waited for", 100, problems.size());
    }

    @Test
    public void ofTheFilesOfAnInstanceNoSecretIsTaken() throws Exception {
        Path root = folder.getRoot().toPath();
        Folders folders =
                new Folders(root.resolve("etc"), root.resolve("data"), root.resolve("state"), root.resolve("volumes"));
        Files.createDirectories(folders.etc().resolve("secrets"));
        Files.createDirectories(folders.data().resolve("log"));
        Files.createDirectories(folders.state());
        Files.createDirectories(folders.volumes());
        String chap = "a chap \\secret-k9hidden7z";
        Files.writeString(folders.etc().resolve("secrets/web1.chap"), chap + "\n");
        Files.writeString(folders.etc().resolve("users.properties"), "bob = plain-k9hidden7z,admin,ssh\n");
        Files.writeString(folders.etc().resolve("keys.properties"), "bob = AAAAk9hidden7z,admin\n");
        Files.writeString(folders.etc().resolve("client.key"), "-----BEGIN X PRIVATE KEY-----\nMIIk9hidden7z\n");
        Files.writeString(folders.etc().resolve("my.cfg"), "# was k9hidden7z\npass\\\n  word = k9hidden7z\nport = 7\n");
        Files.writeString(
                folders.etc().resolve("gateway.json"),
                "{\"a\":{\"secret\":\"k9hidden7z\"},\"note\":\"plain-k9hidden7z\",\"size\":7}");
        Files.writeString(folders.state().resolve("tokens.json"), "k9hidden7z");
        Files.writeString(
                folders.data().resolve("log/karaf.log"),
                "he typed " + chap + " twice\nusers said plain-k9hidden7z\nkey MIIk9hidden7z\nfine\n");
        Files.writeString(folders.data().resolve("log/karaf.log.1"), "older\n");
        folders.data().resolve("log/karaf.log.1").toFile().setLastModified(1000);
        FileParts files = new FileParts(folders);
        new SupportBundle(SupportBundle.USUAL).write(file(), files.parts(new Redactor(files.secrets())));
        Map<String, String> parts = read(file());
        assertFalse(parts.toString(), parts.toString().contains("k9hidden7z"));
        assertTrue(
                parts.get("log/karaf.log"), parts.get("log/karaf.log").startsWith("older\nhe typed [left out] twice"));
        assertTrue(parts.get("log/karaf.log"), parts.get("log/karaf.log").endsWith("\nfine\n"));
        assertTrue(parts.get("etc/settings.txt"), parts.get("etc/settings.txt").contains("port = 7"));
        assertTrue(parts.get("etc/gateway.json"), parts.get("etc/gateway.json").contains("\"size\" : 7"));
        assertTrue(parts.get("files/state.txt"), parts.get("files/state.txt").contains(" 10 "));
    }
}
