package io.sluice.scsi.target;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;

import io.sluice.scsi.internal.unit.InitiatorTraffic;
import java.util.concurrent.Semaphore;
import org.junit.Test;

public class InitiatorsTest {

    private static final int AT_A_TARGET = 256;

    private final Semaphore named = new Semaphore(InitiatorLimits.NAMED);

    private Initiators full() {
        Initiators target = new Initiators(named);
        for (int i = 0; i < AT_A_TARGET + 10; i++) {
            target.of("initiator" + i);
        }
        return target;
    }

    @Test
    public void beyondSoManyOfATargetTheyAreCountedTogether() {
        Initiators target = full();
        assertEquals(AT_A_TARGET, target.statistics("target").count());
        InitiatorTraffic others = target.of("another");
        assertSame(others, target.of("initiator" + AT_A_TARGET));
        assertNotSame(others, target.of("initiator0"));
    }

    @Test
    public void beyondSoManyOfAllTargetsTheyAreCountedTogetherUntilATargetGoes() {
        for (int i = 0; i < InitiatorLimits.NAMED / AT_A_TARGET - 1; i++) {
            full();
        }
        Initiators last = full();
        assertEquals(0, named.availablePermits());
        Initiators without = new Initiators(named);
        assertSame(without.of("one"), without.of("two"));
        assertEquals(0, without.statistics("target").count());
        last.end();
        assertNotSame(without.of("one"), without.of("two"));
        assertEquals(2, without.statistics("target").count());
    }
}
