package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What the gateway saves is there as before or as after, wherever it is interrupted, and never mixed or gone. */
public class SaverTrialTest {

    private static final int LEAST_POINTS = 50;

    @Test
    public void everySaveIsWholeWhereverItIsInterrupted() throws Exception {
        List<String> findings = new ArrayList<>();
        int points = 0;
        int states = 0;
        for (SaverTrial trial : Savers.all()) {
            findings.addAll(trial.findings());
            points += trial.points();
            states += trial.states();
        }
        System.out.println("saves were interrupted at " + points + " points, with " + states + " states of the files");
        assertEquals(List.of(), findings);
        assertTrue(points + " points", points >= LEAST_POINTS);
    }
}
