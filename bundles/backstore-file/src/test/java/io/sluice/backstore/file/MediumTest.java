package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class MediumTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static void assertMedium(String type, String name, String caution, boolean remote) {
        Medium medium = Medium.ofFileSystem(type);
        assertEquals(name, medium.name());
        assertTrue(medium.caution(), medium.caution().startsWith(caution));
        assertEquals(caution.isEmpty(), medium.caution().isEmpty());
        assertEquals(type, remote, medium.remote());
    }

    @Test
    public void whatItIsAndWhatItMeans() {
        assertMedium("ext4", "a file on ext4", "", false);
        assertMedium("zfs", "a file on zfs", "", false);
        assertMedium("tmpfs", "a file in memory (tmpfs)", "nothing survives a restart", false);
        assertMedium("overlay", "a file in a layer of a container (overlay)", "it is gone with the container", false);
        assertMedium("nfs4", "a file on another machine (nfs4)", "a flush is as good as", true);
        assertMedium("fuse.sshfs", "a file that a process keeps (fuse.sshfs)", "a flush is what", true);
    }

    @Test
    public void theFileSystemOfAFileIsFound() throws Exception {
        Path file = folder.newFile().toPath();
        assertEquals(Medium.ofFileSystem(Files.getFileStore(file).type()), Medium.of(file));
        assertFalse(Medium.of(file).name().isEmpty());
    }
}
