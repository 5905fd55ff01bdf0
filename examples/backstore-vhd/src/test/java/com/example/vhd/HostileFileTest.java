package com.example.vhd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Files that lie about themselves: each is refused with a line, and none costs memory or reaches outside of its blocks. */
public class HostileFileTest {

    private static final long SIZE = 64 << 20;
    private static final int HEADER = 512;
    private static final int TABLE = 1536;
    private static final int FOOTER_CHECKSUM = 64;
    private static final int HEADER_CHECKSUM = 36;
    private static final int BLOCK_IN_FILE = 512 + (2 << 20);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private FileChannel file;

    @Before
    public void makeDisk() throws IOException {
        Path path = folder.getRoot().toPath().resolve("disk.vhd");
        VhdFolder.create(path, SIZE, true);
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Vhd vhd = Vhd.open(file, true);
        vhd.write(0, ByteBuffer.allocate(512));
        vhd.write(SIZE - 512, ByteBuffer.allocate(512));
        vhd.flush();
    }

    @After
    public void close() throws IOException {
        file.close();
    }

    /** What is written into a structure. */
    private interface Change {
        ByteBuffer in(ByteBuffer structure);
    }

    private void change(long offset, int length, int checksumAt, Change change) throws IOException {
        ByteBuffer structure = Fields.read(file, offset, ByteBuffer.allocate(length));
        change.in(structure);
        structure.putInt(checksumAt, Fields.checksum(structure, checksumAt));
        Fields.write(file, offset, structure.clear());
    }

    private void footer(Change change) throws IOException {
        change(file.size() - Fields.SECTOR, Fields.SECTOR, FOOTER_CHECKSUM, change);
    }

    private void header(Change change) throws IOException {
        change(HEADER, DynamicHeader.BYTES, HEADER_CHECKSUM, change);
    }

    private void entry(int block, int sector) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).putInt(sector).flip();
        Fields.write(file, TABLE + (long) block * Integer.BYTES, bytes);
    }

    private void assertRefused(String reason) {
        VhdException refused = assertThrows(VhdException.class, () -> Vhd.open(file, true));
        assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
    }

    @Test
    public void sizesThatCannotBe() throws IOException {
        for (long size : new long[] {0, -512, 513, Footer.MAXIMUM_BYTES + 512, Long.MIN_VALUE}) {
            footer(bytes -> bytes.putLong(48, size));
            assertRefused("says that its disk has");
        }
    }

    @Test
    public void moreBlocksThanAreListed() throws IOException {
        footer(bytes -> bytes.putLong(48, SIZE + (2 << 20)));
        assertRefused("needs 33 blocks, lists 32");
    }

    @Test
    public void aTableThatMemoryDoesNotHold() throws IOException {
        footer(bytes -> bytes.putLong(48, Footer.MAXIMUM_BYTES));
        header(bytes -> bytes.putInt(28, -1).putInt(32, 512));
        assertRefused("its blocks are too small");
    }

    @Test
    public void typesThatAreNotServed() throws IOException {
        footer(bytes -> bytes.putInt(60, 4));
        assertRefused("is a differencing disk");
        footer(bytes -> bytes.putInt(60, 77));
        assertRefused("unknown type 77");
    }

    @Test
    public void aFixedDiskThatIsLongerThanItsFile() throws IOException {
        footer(bytes -> bytes.putInt(60, 2));
        assertRefused("fewer than its disk");
    }

    @Test
    public void headersInTheWrongPlace() throws IOException {
        for (long offset : new long[] {0, 511, 513, -1, Long.MAX_VALUE, Long.MIN_VALUE, file.size() - 512}) {
            footer(bytes -> bytes.putLong(16, offset));
            assertRefused("says that its header is at");
        }
    }

    @Test
    public void blocksOfAnOddLength() throws IOException {
        for (int length : new int[] {0, 1, 256, -1, Integer.MIN_VALUE, 3 << 20, 1 << 30}) {
            header(bytes -> bytes.putInt(32, length));
            assertRefused("says that its blocks have");
        }
    }

    @Test
    public void tablesInTheWrongPlace() throws IOException {
        for (long offset : new long[] {0, 512, 1024, 1537, -1, Long.MAX_VALUE, Long.MIN_VALUE, file.size()}) {
            header(bytes -> bytes.putLong(16, offset));
            assertRefused("says that its block table is at");
        }
    }

    @Test
    public void blocksInTheWrongPlace() throws IOException {
        assertEquals("two blocks are there", 4L << 20, Vhd.open(file, false).allocatedBytes());
        // Before it are the copy of the footer, the header and the table, of a sector.
        int begin = 4;
        for (int sector : new int[] {0, 1, 3, begin, begin + 1, (int) (file.size() / 512), -2, Integer.MIN_VALUE}) {
            entry(1, sector);
            assertRefused("where there is no room for it");
        }
        // Over the first by one sector.
        entry(1, begin + BLOCK_IN_FILE / 512 - 1);
        assertRefused("where there is no room for it");
    }

    @Test
    public void damage() throws IOException {
        Fields.write(file, HEADER + 40, ByteBuffer.wrap(new byte[] {1}));
        assertRefused("has a damaged header");
        file.truncate(100);
        assertRefused("is not a VHD");
        file.truncate(0);
        assertRefused("is not a VHD");
    }

    /** Whatever a byte is changed to, the file is opened or refused, and a disk that is opened can be read and written. */
    @Test
    public void anyByte() throws IOException {
        Random random = new Random(4);
        byte[] begin = new byte[TABLE + 128];
        file.read(ByteBuffer.wrap(begin), 0);
        for (int i = 0; i < 5000; i++) {
            file.write(ByteBuffer.wrap(begin), 0);
            byte value = (byte) random.nextInt();
            int at = HEADER + random.nextInt(begin.length - HEADER);
            if (at < TABLE) {
                header(bytes -> bytes.put(at - HEADER, value));
            } else {
                file.write(ByteBuffer.wrap(new byte[] {value}), at);
            }
            try {
                Vhd vhd = Vhd.open(file, true);
                vhd.read(0, ByteBuffer.allocate(4096));
                vhd.read(SIZE - 4096, ByteBuffer.allocate(4096));
            } catch (VhdException refused) {
                assertTrue(refused.getMessage().length() > 10);
            }
        }
    }
}
