package io.sluice.backstore.nbd;

import io.sluice.backstore.nbd.client.RestlessLoops;
import org.junit.Rule;

/** The contract, on event loops that change all the time. */
public class RestlessContractTest extends QemuContractTest {

    @Rule
    public final RestlessLoops restless = new RestlessLoops(loop);
}
