package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class AtomicFileTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aFailureLeavesNothingBeside() throws Exception {
        Path file = folder.newFolder("file").toPath();
        Files.createFile(file.resolve("in the way"));
        assertThrows(IOException.class, () -> AtomicFile.replace(file, ByteBuffer.wrap(new byte[] {1})));
        assertEquals(1, folder.getRoot().list().length);
    }
}
