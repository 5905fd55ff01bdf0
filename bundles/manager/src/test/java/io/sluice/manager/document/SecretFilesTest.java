package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class SecretFilesTest {

    private static final String SECRET = "correct horse";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path secrets;
    private SecretFiles files;

    @Before
    public void open() {
        secrets = folder.getRoot().toPath().resolve("secrets");
        files = new SecretFiles(secrets);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path write(String text, String permissions) throws Exception {
        Files.createDirectories(secrets);
        Path file = Files.writeString(secrets.resolve("a"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private String keep(String wanted, String secret, String... used) throws ConfigException {
        return files.keep(wanted, new Secret(bytes(secret)), naming(used));
    }

    /** A configuration with an initiator for each of these secrets. */
    private static GatewayConfig naming(String... secrets) {
        return GatewayConfig.EMPTY.withInitiators(Arrays.stream(secrets)
                .map(name -> new InitiatorConfig("host-" + name, null, null, new ChapConfig(name, name), null))
                .toList());
    }

    private List<String> there() throws Exception {
        try (Stream<Path> all = Files.list(secrets)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    public void whatIsKeptIsTheOwnersAlone() throws Exception {
        assertEquals("a.chap", keep("a.chap", SECRET));
        assertArrayEquals(bytes(SECRET), files.find("a.chap"));
        assertNull(files.problem("a.chap"));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("a.chap"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
        files.forget("a.chap");
        assertNull(files.find("a.chap"));
        files.forget("a.chap");
        assertEquals(List.of(), List.copyOf(files.leftovers()));
    }

    @Test
    public void aNewSecretLeavesTheOldOneWhole() throws Exception {
        keep("a.chap", SECRET);
        assertEquals("a.chap-2", keep("a.chap", "another secret"));
        assertEquals("a.chap-3", keep("a.chap-2", "the third secret"));
        assertArrayEquals(bytes(SECRET), files.find("a.chap"));
        assertArrayEquals(bytes("another secret"), files.find("a.chap-2"));
        assertEquals("one that is named and gone is not made anew", "b.mutual-2", keep("b.mutual", SECRET, "b.mutual"));
        assertEquals("a name by hand gets an ending", "c.chap", keep("c", SECRET));
        String longest = keep("n".repeat(64), SECRET);
        assertEquals("n".repeat(52) + ".chap", longest);
        assertEquals(longest + "-2", keep("n".repeat(64), SECRET));
    }

    /** A configuration of many hosts changes often, and its secrets hardly ever. */
    @Test
    public void aSecretIsReadOnceUntilItIsSeenToBeAnother() throws Exception {
        List<Path> read = new ArrayList<>();
        files = new SecretFiles(secrets, new ForwardedFiles() {
            @Override
            public byte[] read(Path file) throws IOException {
                read.add(file);
                return super.read(file);
            }
        });
        String[] names = IntStream.range(0, 20).mapToObj(i -> "h" + i + ".chap").toArray(String[]::new);
        for (String name : names) {
            keep(name, SECRET + name);
        }
        GatewayConfig all = naming(names);
        assertArrayEquals(bytes(SECRET + "h7.chap"), files.read(all).find("h7.chap"));
        read.clear();
        assertArrayEquals(bytes(SECRET + "h7.chap"), files.read(all).find("h7.chap"));
        assertEquals("nothing is read again", List.of(), read);
        keep("new.chap", SECRET);
        String[] more = Arrays.copyOf(names, 21);
        more[20] = "new.chap";
        assertArrayEquals(bytes(SECRET), files.read(naming(more)).find("new.chap"));
        assertEquals(Set.of(secrets.resolve("new.chap")), Set.copyOf(read));
        Files.writeString(secrets.resolve("h3.chap"), "changed by hand");
        assertNull("somebody looks", files.problem("h3.chap"));
        assertArrayEquals(bytes("changed by hand"), files.read(all).find("h3.chap"));
        Files.writeString(secrets.resolve("h4.chap"), "changed by hand");
        files.readAgain();
        assertArrayEquals(bytes("changed by hand"), files.read(all).find("h4.chap"));
        Files.setPosixFilePermissions(secrets.resolve("h5.chap"), PosixFilePermissions.fromString("rw-r--r--"));
        assertNotNull(files.problem("h5.chap"));
        assertNull("what others can read is nobody's proof", files.read(all).find("h5.chap"));
        files.read(naming());
        Files.writeString(secrets.resolve("h6.chap"), "changed by hand");
        assertArrayEquals(
                "what was not named meanwhile is read",
                bytes("changed by hand"),
                files.read(all).find("h6.chap"));
    }

    @Test
    public void whatCannotBeUsedIsLoggedOnceUntilItCan() throws Exception {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            GatewayConfig config = naming("a");
            files.read(config);
            files.read(config);
            assertEquals(1, lines(log));
            write("short", "rw-------");
            files.read(config);
            files.read(config);
            assertEquals("another reason", 2, lines(log));
            write(SECRET, "rw-------");
            assertArrayEquals(bytes(SECRET), files.read(config).find("a"));
            Files.delete(secrets.resolve("a"));
            files.readAgain();
            files.read(config);
            assertEquals("again, after it could be used", 3, lines(log));
        } finally {
            System.setErr(console);
        }
    }

    private static long lines(ByteArrayOutputStream log) {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("ERROR"))
                .count();
    }

    @Test
    public void aStartRemovesWhatNobodyNamesAndNobodyHasPutThere() throws Exception {
        files.clear(naming());
        for (String name : List.of("used.chap", "old.chap", "old.mutual-12", ".torn.chap-2.new", "mine", "mine.bak")) {
            write(SECRET, "rw-------");
            Files.move(secrets.resolve("a"), secrets.resolve(name));
        }
        Files.createDirectory(secrets.resolve("folder.chap"));
        Files.createSymbolicLink(secrets.resolve("link.chap"), secrets.resolve("mine"));
        files.clear(naming("used.chap", "other.chap"));
        assertEquals(List.of("folder.chap", "link.chap", "mine", "mine.bak", "used.chap"), there());
    }

    @Test
    public void whatCannotBeWrittenLeavesNothing() throws Exception {
        Files.createDirectories(secrets.resolve(".a.chap.new").resolve("full"));
        ConfigException refused = assertThrows(ConfigException.class, () -> keep("a.chap", SECRET));
        assertEquals(
                "the secret cannot be written into " + secrets
                        + " (DirectoryNotEmptyException), and nothing was changed",
                refused.getMessage());
        assertEquals(List.of(".a.chap.new"), there());
    }

    @Test
    public void whatCannotBeRemovedIsSaid() throws Exception {
        Files.createDirectories(secrets.resolve("a.chap").resolve("full"));
        files.forgetUnnamed(naming("a.chap", "b.chap"), naming("b.chap"));
        assertEquals(
                List.of("secret a.chap is not used any more and cannot be removed (DirectoryNotEmptyException): delete "
                        + secrets.resolve("a.chap")),
                List.copyOf(files.leftovers()));
        Files.delete(secrets.resolve("a.chap").resolve("full"));
        files.forget("a.chap");
        assertEquals(List.of(), List.copyOf(files.leftovers()));
    }

    @Test
    public void aFileByHandMayEndItsLine() throws Exception {
        write(SECRET + "\n", "rw-------");
        assertArrayEquals(bytes(SECRET), files.find("a"));
        write(SECRET + "\r\n", "r--------");
        assertArrayEquals(bytes(SECRET), files.find("a"));
    }

    @Test
    public void whatOthersMayReadIsNotUsed() throws Exception {
        for (String permissions : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw-------"}) {
            Path file = write(SECRET, permissions);
            boolean secret = permissions.equals("rw-------");
            assertEquals(permissions, secret, files.find("a") != null);
            assertEquals(
                    secret ? null : "secret a can be read or written by others: chmod 600 " + file, files.problem("a"));
        }
    }

    @Test
    public void whatIsNoSecretIsNotUsed() throws Exception {
        assertEquals("secret a is missing: there is no file " + secrets.resolve("a"), files.problem("a"));
        write("too short12", "rw-------");
        assertTrue(files.problem("a"), files.problem("a").startsWith("secret a is shorter than 12 bytes"));
        assertFalse(files.problem("a").contains("too short12"));
        write("x".repeat(300), "rw-------");
        assertTrue(files.problem("a"), files.problem("a").startsWith("secret a is longer than 255 bytes"));
        Path elsewhere = folder.newFile("b").toPath();
        Files.delete(secrets.resolve("a"));
        Files.createSymbolicLink(secrets.resolve("a"), elsewhere);
        assertTrue(files.problem("a"), files.problem("a").startsWith("secret a is missing"));
        assertNull(files.find("a"));
    }

    @Test
    public void whatCannotBeTypedIsRefused() {
        for (String secret : new String[] {"short", "x".repeat(256), "a line\nend of it", "delete\u007fdelete"}) {
            ConfigException refused = assertThrows(ConfigException.class, () -> keep("a.chap", secret));
            assertFalse(refused.getMessage(), refused.getMessage().contains(secret));
        }
        assertFalse(Files.exists(secrets));
    }

    @Test
    public void twoThatAreTheSameAreKnown() throws Exception {
        keep("a.chap", SECRET);
        keep("b.chap", SECRET);
        keep("c.chap", "something else");
        assertTrue(files.same("a.chap", "b.chap"));
        assertFalse(files.same("a.chap", "c.chap"));
        assertFalse(files.same("x", "y"));
    }
}
