package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Against folders that look like those of Linux; a real device takes the rights of root. */
public class BlockDeviceTest {

    /** 8:17, as stat(2) packs it. */
    private static final long SDB1 = 8 << 8 | 17;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path root;
    private BlockDevice partition;

    @Before
    public void makeSystem() throws IOException {
        root = folder.getRoot().toPath();
        Path disk = Files.createDirectories(root.resolve("sys/devices/sdb"));
        Files.createDirectories(disk.resolve("sdb1/holders"));
        Files.createDirectories(disk.resolve("queue"));
        Files.createDirectories(root.resolve("sys/dev/block"));
        Files.createSymbolicLink(root.resolve("sys/dev/block/8:17"), disk.resolve("sdb1"));
        Files.createDirectories(root.resolve("proc/self"));
        mounts("36 35 8:1 / /srv rw,noatime master:1 - ext4 /dev/sda1 rw\n");
        partition = new BlockDevice(SDB1, root);
    }

    private void mounts(String lines) throws IOException {
        Files.writeString(root.resolve("proc/self/mountinfo"), lines);
    }

    private int readAheadBytes(String readAheadKib, String longestKib) throws IOException {
        Files.writeString(root.resolve("sys/devices/sdb/queue/read_ahead_kb"), readAheadKib + "\n");
        Files.writeString(root.resolve("sys/devices/sdb/queue/max_sectors_kb"), longestKib + "\n");
        return partition.readAheadBytes();
    }

    @Test
    public void theKernelReadsAheadByAllThatItMayAtOnce() throws IOException {
        assertEquals("nothing is known", ReadAhead.SMALLEST_PIECE_BYTES, partition.readAheadBytes());
        assertEquals(512 << 10, readAheadBytes("128", "512"));
        assertEquals(512 << 10, readAheadBytes("512", "256"));
        assertEquals("switched off", ReadAhead.SMALLEST_PIECE_BYTES, readAheadBytes("0", "64"));
        assertEquals("no longer than it takes to be of use", 1 << 20, readAheadBytes("8388608", "4096"));
    }

    @Test
    public void mounted() throws IOException {
        mounts("36 35 8:1 / /srv rw - ext4 /dev/sda1 rw\n37 35 8:17 / /mnt/data rw shared:2 - xfs /dev/sdb1 rw\n");
        assertEquals("it is mounted at /mnt/data", partition.user());
    }

    @Test
    public void aPartitionIsMounted() throws IOException {
        Files.createSymbolicLink(root.resolve("sys/dev/block/8:16"), root.resolve("sys/devices/sdb"));
        Files.createFile(root.resolve("sys/devices/sdb/sdb1/partition"));
        Files.writeString(root.resolve("sys/devices/sdb/sdb1/dev"), "8:17\n");
        mounts("37 35 8:17 / /mnt/data rw shared:2 - xfs /dev/sdb1 rw\n");
        assertEquals("its partition sdb1 is mounted at /mnt/data", new BlockDevice(8 << 8 | 16, root).user());
    }

    @Test
    public void partOfAnother() throws IOException {
        Files.createFile(root.resolve("sys/devices/sdb/sdb1/holders/dm-0"));
        assertEquals("it is part of dm-0", partition.user());
    }

    @Test
    public void hadBySomebody() {
        assertEquals("the kernel or another process has it for itself", partition.user());
        BlockDevice absent = new BlockDevice(9 << 8, root);
        assertEquals("the kernel or another process has it for itself", absent.user());
    }

    @Test
    public void largeMinorNumbers() throws IOException {
        mounts("37 35 259:300 / /mnt/nvme rw - xfs /dev/nvme0n1p1 rw\n");
        // 300 = 0x12C: its low byte stands below the major number, the rest above it.
        assertEquals("it is mounted at /mnt/nvme", new BlockDevice(0x100000L | 259 << 8 | 0x2C, root).user());
    }

    @Test
    public void unitIsWhatTheDiskDiscards() throws IOException {
        assertEquals("nothing is known", 512, partition.unitBytes());
        Files.writeString(root.resolve("sys/devices/sdb/queue/logical_block_size"), "4096\n");
        assertEquals(4096, partition.unitBytes());
        Files.writeString(root.resolve("sys/devices/sdb/queue/discard_granularity"), "65536\n");
        assertEquals(65536, partition.unitBytes());
        assertEquals(0, partition.physicalBlockBytes());
        Files.writeString(root.resolve("sys/devices/sdb/queue/physical_block_size"), "4096\n");
        assertEquals(4096, partition.physicalBlockBytes());
    }
}
