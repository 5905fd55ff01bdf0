package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is bound to the C library is let go when the bundle is stopped, but not under anybody who uses it. */
public class BoundCallsTest {

    private static final int NO_FILE = -1;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;

    @Before
    public void make() throws IOException {
        path = Files.write(folder.newFile().toPath(), new byte[10]);
    }

    @After
    public void start() {
        BoundCalls.start();
    }

    private static void assertReleased() {
        assertThrows(UnsatisfiedLinkError.class, () -> Libc.status(NO_FILE));
    }

    @Test
    public void aStoppedBundleKeepsNothing() throws IOException {
        NativeFile.open(path, true).close();
        BoundCalls.stop();
        assertReleased();
    }

    @Test
    public void theLastOpenFileKeepsIt() throws IOException {
        NativeFile first = NativeFile.open(path, true);
        NativeFile last = NativeFile.open(path, true);
        BoundCalls.stop();
        first.close();
        first.close();
        assertEquals(10, last.status().sizeBytes());
        last.close();
        assertReleased();
    }

    @Test
    public void itCanBeStartedAgain() throws IOException {
        NativeFile.open(path, true).close();
        BoundCalls.stop();
        BoundCalls.start();
        try (NativeFile again = NativeFile.open(path, true)) {
            assertEquals(10, again.status().sizeBytes());
        }
    }
}
