package io.sluice.iscsi.login;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public final class FailedLoginsTest {

    private long now;
    private final FailedLogins failed = new FailedLogins(() -> now);

    private long seconds(String address, String initiator) {
        return failed.failed(address, initiator).toSeconds();
    }

    @Test
    public void waitsLongerAndLonger() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            waits.add(seconds("192.0.2.1", null));
        }
        assertEquals(List.of(0L, 0L, 0L, 1L, 2L, 4L, 8L, 8L, 8L), waits);
        assertEquals(0, seconds("192.0.2.2", null));
    }

    @Test
    public void countsNamesToo() {
        for (int i = 0; i < 3; i++) {
            assertEquals(0, seconds("192.0.2." + i, "iqn.2026-11.example:a"));
        }
        assertEquals(1, seconds("192.0.2.9", "iqn.2026-11.example:a"));
        assertEquals(0, seconds("192.0.2.9", "iqn.2026-11.example:b"));
    }

    @Test
    public void forgetsAfterAMinuteWithoutOne() {
        for (int i = 0; i < 4; i++) {
            seconds("192.0.2.1", null);
            now += Duration.ofSeconds(59).toNanos();
        }
        assertEquals(2, seconds("192.0.2.1", null));
        now += Duration.ofSeconds(60).toNanos();
        assertEquals(0, seconds("192.0.2.1", null));
    }

    @Test
    public void theOldestGoesWhenThereAreTooMany() {
        for (int i = 0; i < 4; i++) {
            seconds("192.0.2.1", null);
            seconds("192.0.2.2", null);
        }
        for (int i = 0; i < 2_047; i++) {
            seconds("2001:db8::" + i, null);
        }
        assertEquals(0, seconds("192.0.2.1", null));
        for (int i = 0; i < 4; i++) {
            seconds("192.0.2.3", null);
        }
        for (int i = 0; i < 2_047; i++) {
            seconds("2001:db8::" + i, null);
        }
        assertEquals(2, seconds("192.0.2.3", null));
    }
}
