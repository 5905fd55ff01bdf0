package io.sluice.manager.document;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is kept of a move beside the state of its unit. */
public class MoveFilesTest {

    private static final String NAA = "6a8b1c2d3e4f50617283940000000001";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** Without its order it would be taken for what is left of another move, which would leave blocks out. */
    @Test
    public void whatIsLeftToCopyGoesBeforeTheOrder() throws Exception {
        Path states = folder.getRoot().toPath();
        MoveFiles files = new MoveFiles(states, NAA);
        Files.createFile(files.order());
        Files.createDirectories(states.resolve(NAA + ".dirty/in the way"));
        assertThrows(IOException.class, files::delete);
        assertTrue(Files.exists(files.order()));
    }
}
