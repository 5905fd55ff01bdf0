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

    /** A folder in the place of the new file: as where there is no room for one. */
    private static void noRoomFor(Path temporary) throws IOException {
        Files.createDirectories(temporary.resolve("something"));
    }

    @Test
    public void withoutRoomForAnotherFileItIsOverwritten() throws IOException {
        Path path = folder.getRoot().toPath().resolve("status");
        StatusFile file = new StatusFile(path);
        file.write("all is well\n");
        noRoomFor(path.resolveSibling("status.new"));
        file.write("problem no space is left\n");
        assertEquals("problem no space is left\n", Files.readString(path));
        file.write("well\n");
        assertEquals("nothing is left of a longer one", "well\n", Files.readString(path));
    }

    @Test
    public void whatDoesNotFitIsCutBetweenLinesAndTriedAgain() throws IOException {
        Path path = folder.getRoot().toPath().resolve("status");
        StatusFile file = new StatusFile(path);
        file.write("all is well\n");
        noRoomFor(path.resolveSibling("status.new"));
        String line = "problem that is one of many\n";
        String text = line.repeat(1000);
        assertThrows(IOException.class, () -> file.write(text));
        String found = Files.readString(path);
        assertEquals(line.repeat(found.length() / line.length()), found);
        assertEquals(4096 / line.length(), found.length() / line.length());
        Files.delete(path.resolveSibling("status.new/something"));
        Files.delete(path.resolveSibling("status.new"));
        file.write(text);
        assertEquals(text, Files.readString(path));
    }

    @Test
    public void whatIsNotTrueAnyMoreAndCannotBeOverwrittenGoes() throws IOException {
        Path path = folder.getRoot().toPath().resolve("status");
        StatusFile file = new StatusFile(path);
        file.write("all is well\n");
        noRoomFor(path.resolveSibling("status.new"));
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("/no/such/file"));
        assertThrows(IOException.class, () -> file.write("problem\n"));
        assertFalse(Files.isSymbolicLink(path));
    }
}
