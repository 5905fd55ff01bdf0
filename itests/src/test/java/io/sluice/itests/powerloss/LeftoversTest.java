package io.sluice.itests.powerloss;

import static org.junit.Assert.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.Test;

public class LeftoversTest {

    private static final String ALIVE = Long.toString(ProcessHandle.current().pid());

    /** Beyond the highest number that Linux gives to a process. */
    private static final String GONE = "99999999";

    private final Leftovers leftovers = new Leftovers(Path.of("/here/instances"));

    @Test
    public void whatATestHasLeftIsKnown() {
        String file = "/here/instances/3-" + GONE + "/fs.img";
        assertEquals(Optional.of(file), leftovers.left(file));
        assertEquals(Optional.of(file), leftovers.left("filename=" + file));
        assertEquals(Optional.of(file), leftovers.left("/dev/loop3 " + file));
    }

    @Test
    public void whatATestStillUsesIsNotLeft() {
        assertEquals(Optional.empty(), leftovers.left("/here/instances/3-" + ALIVE + "/fs.img"));
    }

    @Test
    public void whatIsElsewhereIsNotOurs() {
        assertEquals(Optional.empty(), leftovers.left("/elsewhere/here/instances/3-" + GONE + "/fs.img"));
        assertEquals(Optional.empty(), leftovers.left("/here/instances/kept/fs.img"));
        assertEquals(Optional.empty(), leftovers.left("/here/fs.img"));
    }
}
