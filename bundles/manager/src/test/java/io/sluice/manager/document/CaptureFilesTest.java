package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public final class CaptureFilesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path traces() {
        return folder.getRoot().toPath().resolve("state/traces");
    }

    @Test
    public void aFileIsWholeAndForItsOwnerAlone() throws IOException {
        byte[] content = new byte[200_000];
        content[150_000] = 7;
        Path file = new CaptureFiles(traces()).write("one.pcap", out -> out.write(content));
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(traces())));
    }

    @Test
    public void noFileTakesThePlaceOfAnother() throws IOException {
        CaptureFiles files = new CaptureFiles(traces());
        Path file = files.write("one.pcap", out -> out.write(1));
        assertThrows(FileAlreadyExistsException.class, () -> files.write("one.pcap", out -> out.write(2)));
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(file));
    }

    @Test
    public void whatFailsLeavesNothing() throws IOException {
        CaptureFiles files = new CaptureFiles(traces());
        IOException full = new IOException("No space left on device");
        IOException told = assertThrows(
                IOException.class,
                () -> files.write("one.pcap", out -> {
                    out.write(new byte[100_000]);
                    throw full;
                }));
        assertEquals(full, told);
        try (Stream<Path> left = Files.list(traces())) {
            assertEquals(List.of(), left.toList());
        }
        files.write("one.pcap", out -> out.write(1));
    }
}
