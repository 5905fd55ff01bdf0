package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class NativeFileTest {

    private static final int BYTES = 4096;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path file(String name, int value) throws Exception {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) value);
        return Files.write(folder.getRoot().toPath().resolve(name), bytes);
    }

    /** Its number is that of whatever is opened next. */
    @Test
    public void aFileThatIsClosedIsNoOther() throws Exception {
        NativeFile closed = NativeFile.open(file("first", 1), true);
        closed.close();
        Path path = file("second", 2);
        ByteBuffer data = ByteBuffer.allocateDirect(BYTES);
        try (NativeFile next = NativeFile.open(path, true)) {
            assertEquals(0, closed.readCached(0, data));
            assertEquals(0, data.get(0));
            assertFalse(closed.promisesNotToWait());
            for (org.junit.function.ThrowingRunnable call : new org.junit.function.ThrowingRunnable[] {
                () -> closed.write(0, new ByteBuffer[] {data.duplicate()}, BYTES),
                () -> closed.cutAt(0),
                () -> closed.punchHole(0, BYTES),
                () -> closed.copyOf(next, 0, 1),
                () -> next.copyOf(closed, 0, 1),
                closed::status
            }) {
                assertThrows(ClosedChannelException.class, call);
            }
            assertEquals(BYTES, next.status().sizeBytes());
        }
        byte[] expected = new byte[BYTES];
        Arrays.fill(expected, (byte) 2);
        assertArrayEquals(expected, Files.readAllBytes(path));
    }
}
