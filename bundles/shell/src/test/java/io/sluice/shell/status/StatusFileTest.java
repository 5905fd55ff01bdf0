package io.sluice.shell.status;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A file that is there as a whole or not at all. */
public class StatusFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static Object identity(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    public void replacedAsAWholeAndOnlyWhenItChanges() throws IOException {
        Path path = folder.getRoot().toPath().resolve("status");
        StatusFile file = new StatusFile(path);
        file.write("one\n");
        Object first = identity(path);
        file.write("one\n");
        assertEquals("the same is not written again", first, identity(path));
        file.write("two\n");
        assertNotEquals("a reader of the old one keeps it", first, identity(path));
        assertEquals("two\n", Files.readString(path));
        assertArrayEquals(
                new String[] {"status"}, Objects.requireNonNull(folder.getRoot().list()));
        file.remove();
        assertFalse(Files.exists(path));
    }

    @Test
    public void whatCouldNotBeWrittenIsTriedAgain() throws IOException {
        Path inside = folder.getRoot().toPath().resolve("later");
        StatusFile file = new StatusFile(inside.resolve("status"));
        assertThrows(IOException.class, () -> file.write("one\n"));
        Files.createDirectory(inside);
        file.write("one\n");
        assertEquals("one\n", Files.readString(inside.resolve("status")));
    }
}
