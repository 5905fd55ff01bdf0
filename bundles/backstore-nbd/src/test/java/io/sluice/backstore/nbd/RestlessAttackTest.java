package io.sluice.backstore.nbd;

import io.sluice.backstore.nbd.client.RestlessLoops;
import org.junit.Rule;

/** The same on event loops that change all the time. */
public class RestlessAttackTest extends NbdAttackTest {

    @Rule
    public final RestlessLoops restless = new RestlessLoops(loop);
}
