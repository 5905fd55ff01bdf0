package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StateMarkTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path state;
    private Path known;
    private Path there;
    private StateMark mark;

    @Before
    public void name() {
        Path root = folder.getRoot().toPath();
        state = root.resolve("of/state");
        known = root.resolve("etc/gateway.json.state");
        there = state.resolve("folder-id");
        mark = new StateMark(root.resolve("etc/gateway.json"), state);
    }

    private String line(String why) {
        return "the state of the disks is not in " + state + ": " + there + " " + why
                + ": mount the folder that has it, or name it by SLUICE_STATE, then restart; or remove " + known
                + " to go on without its reservations and saved settings";
    }

    @Test
    public void aFolderIsKnownOnceItIsMarked() throws Exception {
        assertEquals(Optional.empty(), mark.problem());
        assertFalse("asking makes nothing", Files.exists(state));
        mark.keep();
        assertEquals(Optional.empty(), mark.problem());
        assertTrue(Files.readString(known).matches("[0-9a-f-]{36}\n"));
        assertEquals(Files.readString(known), Files.readString(there));
        Object before = Files.getLastModifiedTime(known) + " " + Files.getAttribute(known, "unix:ino");
        mark.keep();
        assertEquals(
                "it is written once",
                before,
                Files.getLastModifiedTime(known) + " " + Files.getAttribute(known, "unix:ino"));
    }

    @Test
    public void aFolderThatIsMissingOrAnotherIsNotTheOne() throws Exception {
        mark.keep();
        Path away = Files.move(state, state.resolveSibling("away"));
        assertEquals(Optional.of(line("is missing")), mark.problem());
        assertFalse(Files.exists(state));
        Files.createDirectories(state);
        assertEquals(Optional.of(line("is missing")), mark.problem());
        Files.createFile(there);
        assertEquals(Optional.of(line("is missing")), mark.problem());
        Files.writeString(there, "another\n");
        assertEquals(Optional.of(line("is that of another folder")), mark.problem());
        Files.delete(there);
        Files.delete(state);
        Files.move(away, state);
        assertEquals(Optional.empty(), mark.problem());
    }

    @Test
    public void whatCannotBeReadIsNotTheOne() throws Exception {
        mark.keep();
        StateMark unreadable = new StateMark(known.resolveSibling("gateway.json"), state, new ForwardedFiles() {
            @Override
            void before(Path path) throws IOException {
                if (path.equals(there)) {
                    throw new IOException("Input/output error");
                }
            }
        });
        assertEquals(
                Optional.of(line("cannot be compared (java.io.IOException: Input/output error)")),
                unreadable.problem());
    }

    /** An interruption leaves that, or who puts a document of his own in place of a whole etc. */
    @Test
    public void aDocumentThatKnowsNoneTakesTheFolderThatIsThere() throws Exception {
        mark.keep();
        String id = Files.readString(there);
        Files.delete(known);
        assertEquals(Optional.empty(), mark.problem());
        mark.keep();
        assertEquals(id, Files.readString(known));
        assertEquals(id, Files.readString(there));
    }

    @Test
    public void whereNothingCanBeWrittenNothingIsKnown() throws Exception {
        Files.createDirectories(known.getParent());
        Files.createFile(state.getParent());
        mark.keep();
        assertFalse(Files.exists(known));
        assertEquals(Optional.empty(), mark.problem());
        Files.delete(state.getParent());
        Files.delete(known.getParent());
        Files.createFile(known.getParent());
        mark.keep();
        assertEquals(Optional.empty(), mark.problem());
    }
}
