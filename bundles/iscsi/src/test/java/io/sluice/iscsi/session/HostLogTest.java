package io.sluice.iscsi.session;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public final class HostLogTest {

    private final HostLog log = new HostLog();
    private final List<String> lines = new ArrayList<>();

    private void refuse(String host) {
        log.line(host, others -> lines.add(host + others));
    }

    @Test
    public void aStormOfOneHostHidesNoOther() {
        for (int i = 0; i < 100; i++) {
            refuse("192.0.2.1");
        }
        refuse("192.0.2.2");
        assertEquals(6, lines.size());
        assertEquals("192.0.2.2", lines.get(5));
    }

    @Test
    public void manyHostsTogetherFillNoLogEither() {
        for (int i = 0; i < 10_000; i++) {
            refuse("2001:db8::" + Integer.toHexString(i));
        }
        assertEquals(100, lines.size());
    }
}
