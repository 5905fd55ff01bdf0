package io.sluice.scsi.faults;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.Test;

/** Wherever the process or the power ends, blocks hold what was promised, and an atomic write is there as a whole or not. */
public class CrashAtEveryCallTest {

    @Test
    public void nothingThatWasPromisedIsLost() {
        CrashSweep sweep = new CrashSweep(UnaryOperator.identity(), UnaryOperator.identity());
        List<String> findings = sweep.findings();
        System.out.println("the engine was ended at " + sweep.points() + " points");
        assertEquals(List.of(), findings);
        assertTrue(
                "the script has operations", sweep.points() > 2 * Script.steps().size());
    }
}
