package io.sluice.shell.output;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.Test;

public class UnitsTest {

    @Test
    public void bytesHaveAFewDigits() {
        assertEquals("0", Units.bytes(0));
        assertEquals("1023", Units.bytes(1023));
        assertEquals("1K", Units.bytes(1024));
        assertEquals("1.5K", Units.bytes(1536));
        assertEquals("9.9K", Units.bytes(10_137));
        assertEquals("10K", Units.bytes(10_200));
        assertEquals("1023K", Units.bytes(1023 << 10));
        assertEquals("1M", Units.bytes((1 << 20) - 1));
        assertEquals("8E", Units.bytes(Long.MAX_VALUE));
        assertEquals("4K", Units.bytes(OptionalLong.of(4096)));
        assertNull(Units.bytes(OptionalLong.empty()));
    }

    @Test
    public void exactBytesLoseNothing() {
        assertEquals("10G", Units.exactBytes(10L << 30));
        assertEquals("1025", Units.exactBytes(1025));
        assertEquals("0", Units.exactBytes(0));
        assertEquals("1023K", Units.exactBytes(1023 << 10));
    }

    @Test
    public void timesHaveTwoUnits() {
        assertEquals("0 s", Units.time(Duration.ofMillis(400)));
        assertEquals("59 s", Units.time(Duration.ofSeconds(59)));
        assertEquals("1 min", Units.time(Duration.ofSeconds(60)));
        assertEquals("2 h 5 min", Units.time(Duration.ofSeconds(7543)));
        assertEquals("3 d 4 h", Units.time(Duration.ofHours(76).plusMinutes(59)));
    }
}
