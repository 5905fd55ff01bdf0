package io.sluice.iscsi.connection;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.iscsi.transfer.DataBudget;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.Test;

/** Settings with which the server would not work are refused. */
public final class ServerSettingsTest {

    private static ServerSettings settings(int sessions, Duration end, long memory) {
        return settings(sessions, end, memory, Duration.ZERO);
    }

    private static ServerSettings settings(int sessions, Duration end, long memory, Duration busyPoll) {
        Duration time = Duration.ofSeconds(1);
        return new ServerSettings(0, 1, sessions, time, time, time, end, 1, 8, true, 0, busyPoll, memory);
    }

    @Test
    public void limits() {
        Duration end = Duration.ofSeconds(1);
        assertEquals(32_768, settings(32_768, end, DataBudget.MINIMUM).maxSessions());
        assertThrows(IllegalArgumentException.class, () -> settings(32_769, end, DataBudget.MINIMUM));
        assertThrows(IllegalArgumentException.class, () -> settings(1, end, DataBudget.MINIMUM - 1));
        assertThrows(IllegalArgumentException.class, () -> settings(1, Duration.ZERO, DataBudget.MINIMUM));
        for (long micros : new long[] {-1, 100_001}) {
            Duration busy = Duration.of(micros, ChronoUnit.MICROS);
            assertThrows(IllegalArgumentException.class, () -> settings(1, end, DataBudget.MINIMUM, busy));
        }
    }
}
