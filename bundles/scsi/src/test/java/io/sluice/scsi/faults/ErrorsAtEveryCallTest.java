package io.sluice.scsi.faults;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Fault;
import java.util.List;
import org.junit.Test;

/** Whatever operation of the store fails, each command is answered once and truly, and only the unit concerned feels it. */
public class ErrorsAtEveryCallTest {

    private static void sweep(Fault fault) {
        ErrorSweep sweep = new ErrorSweep(fault);
        List<String> findings = sweep.findings();
        System.out.println(sweep.points() + " operations of a store were let fail with " + fault);
        assertEquals(List.of(), findings);
        assertTrue("the script has operations", sweep.points() > Script.steps().size());
    }

    @Test
    public void withAnErrorOfTheMedium() {
        sweep(Fault.WRITE_FAILED);
    }

    @Test
    public void withoutSpace() {
        sweep(Fault.OUT_OF_SPACE);
    }
}
