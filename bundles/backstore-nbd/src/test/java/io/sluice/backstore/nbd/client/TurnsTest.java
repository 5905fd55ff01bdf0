package io.sluice.backstore.nbd.client;

import static org.junit.Assert.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Test;

/** Which connection takes a request. */
public class TurnsTest {

    private final List<Connection> connections = Stream.generate(
                    () -> new Connection(new EmbeddedChannel(), ExportInfo.UNKNOWN))
            .limit(3)
            .toList();

    private int next(int bytes) {
        Connection next = Turns.next(connections);
        next.write(NbdRequest.read(0, ByteBuffer.allocate(bytes)));
        return connections.indexOf(next);
    }

    @Test
    public void whatIsSmallGoesTogether() {
        for (int i = 0; i < 32; i++) {
            assertEquals(0, next(512));
        }
        assertEquals("32 requests are enough", 1, next(512));
    }

    @Test
    public void whatIsMuchGoesOverAll() {
        assertEquals(0, next(1 << 20));
        assertEquals(1, next(2 << 20));
        assertEquals(2, next(3 << 20));
        assertEquals("it has least", 0, next(4096));
    }
}
