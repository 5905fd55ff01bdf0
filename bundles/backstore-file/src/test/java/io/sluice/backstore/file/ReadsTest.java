package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** That the sequences of initiators get to the kernel, whichever way a read takes. */
public class ReadsTest {

    private static final int SIZE = 32 << 20;
    private static final int READ = 256 << 10;
    private static final int AHEAD = 4 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("disk0");
    private AskedFile asked;
    private OpenFile file;
    private Reads reads;

    /** A file of which it is counted how often something is asked for before it is read, and perhaps never anything cached. */
    private static final class AskedFile extends NativeFile {

        private final NativeFile below;
        private final boolean caches;
        private final Semaphore ahead = new Semaphore(0);

        AskedFile(NativeFile below, boolean caches) {
            super(-1);
            this.below = below;
            this.caches = caches;
        }

        @Override
        void readAhead(long offset, long length) throws IOException {
            below.readAhead(offset, length);
            ahead.release();
        }

        @Override
        boolean promisesNotToWait() {
            return caches && below.promisesNotToWait();
        }

        @Override
        int readCached(long offset, ByteBuffer destination) {
            return caches ? below.readCached(offset, destination) : 0;
        }

        @Override
        PageResidency residency(long length) throws IOException {
            if (!caches) {
                throw new IOException("nothing is cached");
            }
            return below.residency(length);
        }

        @Override
        public void close() throws IOException {
            below.close();
        }
    }

    private void open(int aheadBytes, boolean regular, boolean caches) throws IOException {
        Path path = folder.newFile("disk.img").toPath();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(1), SIZE - 1);
        asked = new AskedFile(NativeFile.open(path, Files.isWritable(path)), caches);
        FileTraits traits = new FileTraits(regular, true, true, false, 4096, Medium.ofFileSystem("ext4"));
        file = new OpenFile(path, channel, asked, traits, () -> {}, () -> {});
        reads = new Reads(file, new FileIo(file, new Room(file, () -> {})), context, SIZE, aheadBytes);
    }

    @After
    public void close() throws IOException {
        reads.close();
        file.close();
        context.close();
    }

    private void read(long offset) throws Exception {
        ByteBuffer destination = ByteBuffer.allocateDirect(READ);
        reads.read(offset, destination).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertFalse(destination.hasRemaining());
    }

    private void assertAsked() throws InterruptedException {
        assertTrue(asked.ahead.tryAcquire(30, TimeUnit.SECONDS));
    }

    @Test
    public void aSequenceIsReadAheadOf() throws Exception {
        open(AHEAD, true, false);
        for (int i = 0; i < 3; i++) {
            read((long) i * READ);
        }
        assertAsked();
    }

    @Test
    public void soItIsOfADevice() throws Exception {
        open(AHEAD, false, false);
        for (int i = 0; i < 3; i++) {
            read((long) i * READ);
        }
        assertAsked();
    }

    /** Returns how much work it makes for others: one for each read that is not cached, and one for all that is read ahead. */
    private int workOf(long... offsets) {
        context.hold();
        for (long offset : offsets) {
            assertNull(reads.lend(offset, READ));
            reads.read(offset, ByteBuffer.allocateDirect(READ));
        }
        return context.held();
    }

    @Test
    public void theKernelSeesTheOrderWhereItNeedNotWait() throws Exception {
        open(AHEAD, true, true);
        context.hold();
        file.channel().write(ByteBuffer.allocate(4 * READ), 0);
        for (int i = 0; i < 4; i++) {
            reads.read((long) i * READ, ByteBuffer.allocateDirect(READ));
        }
        assertEquals(0, context.held());
    }

    @Test
    public void nothingIsAskedForWhenItIsOff() throws Exception {
        open(0, true, false);
        assertEquals(4, workOf(0, READ, 2L * READ, 3L * READ));
    }
}
