package io.sluice.iscsi.auth;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.Test;

public final class ChallengesTest {

    /** A new object begins as a new process does: what it gives depends on nothing but the randomness of the machine. */
    @Test
    public void tenThousandAreAllDifferentOverRestarts() {
        Set<ByteBuffer> seen = new HashSet<>();
        Set<ByteBuffer> halves = new HashSet<>();
        for (int restart = 0; restart < 10; restart++) {
            Challenges challenges = new Challenges();
            for (int i = 0; i < 1_000; i++) {
                byte[] challenge = challenges.next(16);
                assertEquals(16, challenge.length);
                assertTrue(seen.add(ByteBuffer.wrap(challenge)));
                assertTrue(
                        "half of it is as random as all",
                        halves.add(ByteBuffer.wrap(challenge, 0, 8).slice()));
            }
        }
        assertEquals(10_000, seen.size());
    }

    @Test
    public void identifiersAreAllOfAByte() {
        Challenges challenges = new Challenges();
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            seen.add(challenges.nextIdentifier());
        }
        assertEquals(256, seen.size());
        assertTrue(seen.stream().allMatch(identifier -> identifier >= 0 && identifier <= 255));
    }

    @Test
    public void knowsThoseUnderWay() {
        Challenges challenges = new Challenges();
        byte[] first = challenges.next(16);
        byte[] second = challenges.next(32);
        assertTrue(challenges.isOwn(first.clone()));
        challenges.forget(first);
        assertFalse(challenges.isOwn(first));
        assertTrue(challenges.isOwn(second));
        assertFalse(challenges.isOwn(new byte[32]));
        assertEquals(1, challenges.count());
    }

    @Test
    public void theOldestGoesWhenThereAreTooMany() {
        Challenges challenges = new Challenges();
        byte[] first = challenges.next(16);
        byte[] second = challenges.next(16);
        for (int i = 0; i < 65_535; i++) {
            challenges.next(16);
        }
        assertEquals(65_536, challenges.count());
        assertFalse(challenges.isOwn(first));
        assertTrue(challenges.isOwn(second));
    }
}
