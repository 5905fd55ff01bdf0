package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

public class ByteSizeTest {

    @Test
    public void readsWhatPeopleWrite() {
        assertEquals(4096, ByteSize.parse("4096"));
        assertEquals(512L << 20, ByteSize.parse("512M"));
        assertEquals(10L << 30, ByteSize.parse("10GiB"));
        assertEquals(10L << 30, ByteSize.parse("10gb"));
        assertEquals(7L << 60, ByteSize.parse("7E"));
        assertEquals(3, ByteSize.parse("3B"));
    }

    @Test
    public void refusesTheRest() {
        for (String wrong : new String[] {"", "G", "-1", "1.5G", "10X", "8E", "99999999999999999999", "0", "1 G"}) {
            assertThrows(wrong, IllegalArgumentException.class, () -> ByteSize.parse(wrong));
        }
    }
}
