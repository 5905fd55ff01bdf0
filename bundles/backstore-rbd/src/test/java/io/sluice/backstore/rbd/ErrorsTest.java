package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;

import io.sluice.backstore.Fault;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** What hosts are told of each error number. */
public class ErrorsTest {

    private static final Map<Integer, Fault> OF_WRITES = Map.of(
            2, Fault.NOT_READY,
            5, Fault.WRITE_FAILED,
            22, Fault.WRITE_FAILED,
            28, Fault.OUT_OF_SPACE,
            30, Fault.NOT_READY,
            107, Fault.NOT_READY,
            108, Fault.NOT_READY,
            110, Fault.TIMED_OUT,
            122, Fault.OUT_OF_SPACE);

    @Test
    public void eachHasItsFault() {
        OF_WRITES.forEach((error, fault) -> {
            assertEquals("error " + error, fault, Errors.fault(false, error));
            assertEquals(
                    "error " + error,
                    fault == Fault.WRITE_FAILED ? Fault.READ_FAILED : fault,
                    Errors.fault(true, error));
        });
    }

    @Test
    public void thoseOfALostImageAreKnown() {
        for (int error = 0; error < 200; error++) {
            assertEquals("error " + error, Set.of(30, 108).contains(error), Errors.isFenced(error));
        }
    }
}
