package io.sluice.manager.volume;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson.Name;
import java.time.Duration;
import java.util.List;
import org.junit.Test;

/** When a gateway goes on with a shared disk. */
public class ResumptionTest {

    private static final Name OTHER = new Name("b", "there", "");
    private static final OtherGateways GIVEN = new OtherGateways(OTHER, Name.NOBODY, false, List.of());

    private final GatewayIdentity me = new GatewayIdentity("a", "here");

    /** A look may have been waiting for its turn while the disk was given, and comes before the storage is open anew. */
    @Test
    public void whoWasGivenTheDiskHasTimeToTakeItFromThen() {
        Resumption patient = new Resumption(me, Duration.ofMinutes(1));
        patient.gave(OTHER);
        assertTrue(patient.isUntaken(GIVEN));
        assertFalse(patient.mayTakeBack(GIVEN));
        Resumption impatient = new Resumption(me, Duration.ZERO);
        impatient.gave(OTHER);
        assertTrue(impatient.mayTakeBack(GIVEN));
    }

    /** Earlier releases are named without a term when they serve it. */
    @Test
    public void whoHasNotTakenTheDiskIsNotSeenToServeIt() {
        Resumption resumption = new Resumption(me, Duration.ZERO);
        assertFalse("given by another one", resumption.isUnserved(GIVEN));
        resumption.gave(OTHER);
        assertTrue(resumption.isUnserved(GIVEN));
        assertFalse(resumption.isUnserved(GIVEN.with(new Name("b", "there", "a term"))));
        resumption.tried(new IllegalStateException("somebody has it"));
        assertFalse("it cannot be taken back", resumption.isUnserved(GIVEN));
        resumption.gave(OTHER);
        assertTrue(resumption.isUnserved(GIVEN));
        resumption.served();
        assertFalse(resumption.isUnserved(GIVEN));
    }
}
