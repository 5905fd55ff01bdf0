package io.sluice.iscsi.login;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public final class FailedLoginsTest {

    private static final String NAME = "iqn.2026-11.example:a";
    private static final Duration LONG = Duration.ofHours(1);

    private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();
    private final FailedLogins failed = new FailedLogins(() -> now);

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private long fail(String address, String initiator) {
        return failed.failed(address(address), initiator).toSeconds();
    }

    /** Returns how many seconds a proof waits for its turn. */
    private long turn(String address, String initiator) {
        return failed.turn(address(address), initiator, LONG).orElseThrow().toSeconds();
    }

    private void pass(long seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    public void theAnswerWaitsLongerAndLonger() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            waits.add(fail("192.0.2.1", NAME));
        }
        assertEquals(List.of(0L, 0L, 0L, 1L, 2L, 4L, 4L, 4L, 4L), waits);
    }

    @Test
    public void theNextProofWaitsAsLongAsTheAnswer() {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            long wait = turn("192.0.2.1", NAME);
            waits.add(wait);
            pass(wait);
            fail("192.0.2.1", NAME);
        }
        assertEquals(List.of(0L, 0L, 0L, 0L, 1L, 2L, 4L, 4L, 4L), waits);
        pass(3);
        assertEquals("what has passed since counts", 1, turn("192.0.2.1", NAME));
    }

    @Test
    public void manyAtOnceWaitOneAfterTheOther() {
        for (int i = 0; i < 4; i++) {
            fail("192.0.2.1", NAME);
        }
        assertEquals(1, turn("192.0.2.1", NAME));
        assertEquals("as if the one before had failed", 1 + 2, turn("192.0.2.1", NAME));
        assertEquals(1 + 2 + 4, turn("192.0.2.1", NAME));
    }

    @Test
    public void aGoodLoginMakesNobodyWait() {
        for (int i = 0; i < 9; i++) {
            fail("192.0.2.1", NAME);
        }
        pass(turn("192.0.2.1", NAME));
        failed.proven(address("192.0.2.1"), NAME);
        for (int i = 0; i < 3; i++) {
            assertEquals(0, turn("192.0.2.1", NAME));
            failed.proven(address("192.0.2.1"), NAME);
        }
        assertEquals(0, turn("192.0.2.1", NAME));
        fail("192.0.2.1", NAME);
        assertEquals("a guess between good ones waits as before", 4, turn("192.0.2.1", NAME));
    }

    @Test
    public void nobodyElseWaits() {
        for (int i = 0; i < 9; i++) {
            fail("192.0.2.1", NAME);
        }
        assertEquals("the same name elsewhere", 0, turn("192.0.2.2", NAME));
        assertEquals(0, fail("192.0.2.2", NAME));
        assertEquals("another name there", 0, turn("192.0.2.1", "iqn.2026-11.example:b"));
    }

    @Test
    public void anAddressHasNoMoreTurnsUnderChangingNames() {
        int waited = 0;
        for (int i = 0; i < 100; i++) {
            long wait = turn("192.0.2.1", NAME + i);
            waited += wait;
            pass(wait);
            assertEquals(0, fail("192.0.2.1", NAME + i));
        }
        assertEquals("16 at once, and one a second", 84, waited);
        assertEquals(0, turn("192.0.2.2", NAME));
    }

    @Test
    public void whoHasProvenHimselfDoesNotWaitForOthersThere() {
        failed.proven(address("192.0.2.1"), NAME);
        for (int i = 0; i < 100; i++) {
            turn("192.0.2.1", NAME + i);
        }
        assertEquals(0, turn("192.0.2.1", NAME));
        assertEquals("somewhere else he is not known", 0, turn("192.0.2.2", NAME));
        assertEquals(85, turn("192.0.2.1", "iqn.2026-11.example:b"));
    }

    @Test
    public void goodLoginsCostAnAddressNothing() {
        for (int i = 0; i < 100; i++) {
            assertEquals(0, turn("192.0.2.1", NAME + i));
            failed.proven(address("192.0.2.1"), NAME + i);
            assertEquals(0, turn("192.0.2.1", NAME + i));
            failed.proven(address("192.0.2.1"), NAME + i);
        }
    }

    @Test
    public void theAddressesOfANetworkAreOne() {
        for (int i = 0; i < 5; i++) {
            fail("2001:db8:0:1::" + i, NAME);
        }
        assertEquals(2, turn("2001:db8:0:1:ffff::1", NAME));
        assertEquals(0, turn("2001:db8:0:2::1", NAME));
        for (int i = 0; i < 5; i++) {
            fail("192.0.2." + i, NAME);
        }
        assertEquals(0, turn("192.0.2.9", NAME));
    }

    @Test
    public void whatWouldWaitTooLongIsNotLookedAtAndCostsNoTurn() {
        for (int i = 0; i < 5; i++) {
            fail("192.0.2.1", NAME);
        }
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), failed.turn(address("192.0.2.1"), NAME, Duration.ofMillis(1999)));
        }
        assertEquals(2, turn("192.0.2.1", NAME));
    }

    @Test
    public void forgetsAfterAMinuteWithoutOne() {
        for (int i = 0; i < 4; i++) {
            fail("192.0.2.1", null);
            pass(59);
        }
        assertEquals(2, fail("192.0.2.1", null));
        pass(60);
        assertEquals(0, fail("192.0.2.1", null));
    }

    @Test
    public void theOldestGoesWhenThereAreTooMany() {
        for (int i = 0; i < 4; i++) {
            fail("192.0.2.1", NAME);
            fail("192.0.2.2", NAME);
        }
        for (int i = 0; i < 2_047; i++) {
            fail("192.0.3.1", NAME + i);
        }
        assertEquals(0, fail("192.0.2.1", NAME));
        for (int i = 0; i < 4; i++) {
            fail("192.0.2.3", NAME);
        }
        for (int i = 0; i < 2_047; i++) {
            fail("192.0.3.1", NAME + i);
        }
        assertEquals(2, fail("192.0.2.3", NAME));
    }
}
