package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.sluice.backstore.FileRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class LentRangesTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger back = new AtomicInteger();

    private LentRanges lent() throws IOException {
        return new LentRanges(FileChannel.open(folder.newFile().toPath(), StandardOpenOption.READ));
    }

    @Test
    public void theLastRangeEndsTheWait() throws IOException {
        LentRanges lent = lent();
        FileRange early = lent.lend(0, 512);
        early.close();
        FileRange first = lent.lend(0, 512);
        FileRange second = lent.lend(0, 512);
        lent.end(back::incrementAndGet);
        assertNull("no more is lent", lent.lend(0, 512));
        second.close();
        assertEquals(0, back.get());
        first.close();
        assertEquals(1, back.get());
    }

    @Test
    public void nothingToWaitFor() throws IOException {
        LentRanges lent = lent();
        lent.lend(0, 512).close();
        assertEquals(0, back.get());
        lent.end(back::incrementAndGet);
        assertEquals(1, back.get());
    }
}
