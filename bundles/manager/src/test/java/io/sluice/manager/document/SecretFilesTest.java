package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    @Test
    public void whatIsKeptIsTheOwnersAlone() throws Exception {
        files.put("a", bytes(SECRET));
        assertArrayEquals(bytes(SECRET), files.find("a"));
        assertNull(files.problem("a"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("a"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
        files.put("a", bytes("another secret"));
        assertArrayEquals(bytes("another secret"), files.find("a"));
        files.delete("a");
        assertNull(files.find("a"));
        files.delete("a");
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
            ConfigException refused = assertThrows(ConfigException.class, () -> files.put("a", bytes(secret)));
            assertFalse(refused.getMessage(), refused.getMessage().contains(secret));
        }
        assertFalse(Files.exists(secrets));
    }

    @Test
    public void twoThatAreTheSameAreKnown() throws Exception {
        files.put("a", bytes(SECRET));
        files.put("b", bytes(SECRET));
        files.put("c", bytes("something else"));
        assertTrue(files.same("a", "b"));
        assertFalse(files.same("a", "c"));
        assertFalse(files.same("x", "y"));
    }
}
