package com.example.vhd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is in the file at moments at which it may be all that is left. */
public class PowerLossTest {

    private static final int BLOCK = 2 << 20;
    private static final long SIZE = 32L * BLOCK;
    private static final int TABLE = 1536;
    private static final int FIRST_BLOCK = TABLE + 512;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private FileChannel file;
    private Vhd vhd;

    @Before
    public void makeDisk() throws IOException {
        path = folder.getRoot().toPath().resolve("disk.vhd");
        VhdFolder.create(path, SIZE, true);
        open();
    }

    private void open() throws IOException {
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        vhd = Vhd.open(file, true);
    }

    @After
    public void close() throws IOException {
        file.close();
    }

    private static byte[] sector(int value) {
        byte[] bytes = new byte[512];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void write(long offset, int value) throws IOException {
        vhd.write(offset, ByteBuffer.wrap(sector(value)));
    }

    private static byte[] read(Vhd disk, long offset) throws IOException {
        byte[] bytes = new byte[512];
        disk.read(offset, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private int entry(int block) throws IOException {
        return Fields.read(file, TABLE + block * 4L, ByteBuffer.allocate(4)).getInt();
    }

    @Test
    public void theTableRefersToABlockOnlyWhenItIsFlushed() throws IOException {
        write(5L * BLOCK, 1);
        assertEquals(-1, entry(5));
        assertArrayEquals(sector(1), read(vhd, 5L * BLOCK));
        vhd.flush();
        assertEquals(FIRST_BLOCK / 512, entry(5));
    }

    @Test
    public void afterEachWriteTheFileIsADiskWithAllThatWasFlushed() throws IOException {
        Path copy = folder.getRoot().toPath().resolve("copy.vhd");
        int flushed = 0;
        for (int i = 1; i <= 12; i++) {
            write((long) i * BLOCK + 1024, i);
            assertNotNull("footer at the end", Footer.at(file, file.size() - 512));
            Files.deleteIfExists(copy);
            Files.copy(path, copy);
            try (FileChannel left = FileChannel.open(copy, StandardOpenOption.READ)) {
                Vhd found = Vhd.open(left, false);
                for (int block = 1; block <= i; block++) {
                    byte[] expected = sector(block <= flushed ? block : 0);
                    assertArrayEquals(expected, read(found, (long) block * BLOCK + 1024));
                }
            }
            if (i % 4 == 0) {
                vhd.flush();
                flushed = i;
            }
        }
    }

    /** The file has grown, and neither the new footer nor the zeros of the block have come so far. */
    @Test
    public void aGrowthThatWasInterrupted() throws IOException {
        write(0, 1);
        vhd.flush();
        long footer = file.size() - 512;
        byte[] rubbish = new byte[BLOCK];
        Arrays.fill(rubbish, (byte) 0x55);
        file.write(ByteBuffer.wrap(rubbish), footer);
        file.close();
        open();
        assertArrayEquals(sector(1), read(vhd, 0));
        assertNotNull("footer at the end", Footer.at(file, file.size() - 512));
        write(BLOCK, 2);
        assertArrayEquals(sector(2), read(vhd, BLOCK));
        assertArrayEquals("what is left of it is seen by nobody", sector(0), read(vhd, BLOCK + 512));
    }

    /** Others mark only those sectors that were written; what is in the others is nobody's. */
    @Test
    public void sectorsThatWereNeverWritten() throws IOException {
        write(0, 0x55);
        write(512, 0x55);
        write(1024, 0x55);
        vhd.flush();
        byte[] onlySecond = new byte[512];
        onlySecond[0] = 0x40;
        file.write(ByteBuffer.wrap(onlySecond), FIRST_BLOCK);
        file.close();
        open();
        assertArrayEquals(sector(0), read(vhd, 0));
        assertArrayEquals(sector(0x55), read(vhd, 512));
        write(1536, 3);
        for (int i = 0; i < 4; i++) {
            int value = new int[] {0, 0x55, 0, 3}[i];
            assertArrayEquals("sector " + i, sector(value), read(vhd, i * 512L));
            byte[] inFile = new byte[512];
            file.read(ByteBuffer.wrap(inFile), FIRST_BLOCK + 512 + i * 512L);
            assertArrayEquals("for those who do not look at the bitmap", sector(value), inFile);
        }
    }
}
