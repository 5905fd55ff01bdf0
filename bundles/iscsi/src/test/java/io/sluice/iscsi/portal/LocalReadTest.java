package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static io.sluice.iscsi.portal.TestServer.until;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Initiators on this machine are sent copies of what is not long: the file holds a pattern, the memory zeros. */
public class LocalReadTest {

    private static final int LONG_ENOUGH = 512;
    private static final Duration LONG = Duration.ofMinutes(1);

    @Rule
    public final TestServer server = new TestServer(new ServerSettings(
            2, 64, 32, LONG, LONG, LONG, LONG, 128, 8, true, LONG_ENOUGH * BLOCK, Duration.ZERO, 64L << 20));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void onlyALongReadIsSentFromTheFile() throws IOException {
        try (FileChannel file =
                FileChannel.open(folder.newFile().toPath(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            byte[] inFile = pattern((int) BLOCKS, 3);
            file.write(ByteBuffer.wrap(inFile));
            server.store().lendFrom(file);
            TestInitiator initiator = server.login();
            int shorter = LONG_ENOUGH - 1;
            assertArrayEquals(new byte[shorter * BLOCK], initiator.read10(LUN_0, 0, shorter, BLOCK));
            assertEquals(0, server.store().mostLent());
            byte[] sent = initiator.read10(LUN_0, 0, LONG_ENOUGH, BLOCK);
            assertArrayEquals(Arrays.copyOf(inFile, LONG_ENOUGH * BLOCK), sent);
            until(() -> server.store().lent() == 0);
        }
    }
}
