package io.sluice.backstore.nbd.client;

import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;

import org.junit.Test;

/** Which thread has the majority. */
public class OriginsTest {

    private final Origins origins = new Origins();
    private final Thread one = new Thread();
    private final Thread other = new Thread();

    private void come(int times, Thread from) {
        for (int i = 0; i < times; i++) {
            origins.from(from);
        }
    }

    @Test
    public void whoeverAsksMost() {
        come(Origins.MAJORITY - 1, one);
        assertNull(origins.majority());
        come(1, one);
        assertSame(one, origins.majority());
        come(1, other);
        assertNull("not clear any more", origins.majority());
    }

    @Test
    public void whoeverHasAskedForLongIsNotBeforeWhoAsksNow() {
        come(100 * Origins.MAJORITY, one);
        come(2 * Origins.MAJORITY, other);
        assertSame(other, origins.majority());
    }

    @Test
    public void twoThatAskInTurnDecideNothing() {
        for (int i = 0; i < 100 * Origins.MAJORITY; i++) {
            come(1, one);
            come(1, other);
            assertNull(origins.majority());
        }
    }
}
