package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.connection.ServerSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Initiators on this machine are sent copies where that is set: the file holds a pattern, the memory zeros. */
public class LocalReadTest {

    private static final int LARGE = 512;
    private static final Duration LONG = Duration.ofMinutes(1);

    @Rule
    public final TestServer server = new TestServer(
            new ServerSettings(2, 64, 32, LONG, LONG, LONG, LONG, 128, 8, true, false, Duration.ZERO, 64L << 20));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void aLargeReadIsCopied() throws IOException {
        try (FileChannel file =
                FileChannel.open(folder.newFile().toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(pattern((int) BLOCKS, 3)));
            server.store().lendFrom(file);
            assertArrayEquals(new byte[LARGE * BLOCK], server.login().read10(LUN_0, 7, LARGE, BLOCK));
            assertEquals(0, server.store().mostLent());
        }
    }
}
