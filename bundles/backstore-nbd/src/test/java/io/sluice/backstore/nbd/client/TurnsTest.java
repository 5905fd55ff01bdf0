package io.sluice.backstore.nbd.client;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

/** Which connection takes a request. */
public class TurnsTest {

    private final Turns turns = new Turns();

    @Test
    public void whatComesTogetherGoesTogether() {
        for (int i = 0; i < 32; i++) {
            assertEquals(0, turns.next(512, 2));
        }
        assertEquals("32 requests are enough", 1, turns.next(0, 2));
        turns.pass();
        assertEquals(0, turns.next(4096, 2));
        turns.pass();
        assertEquals(1, turns.next(4096, 2));
    }

    @Test
    public void whatIsMuchGoesOverAll() {
        assertEquals(0, turns.next(1 << 20, 3));
        assertEquals(1, turns.next(Integer.MAX_VALUE, 3));
        assertEquals(2, turns.next(Integer.MAX_VALUE, 3));
        assertEquals(0, turns.next(4096, 3));
    }

    @Test
    public void thereMayBeFewerThanBefore() {
        turns.pass();
        turns.pass();
        assertEquals(2, turns.next(4096, 3));
        assertEquals(0, turns.next(4096, 1));
    }
}
