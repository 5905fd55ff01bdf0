package io.sluice.iscsi.fuzz;

import io.sluice.testkit.fuzz.FuzzCorpus;
import java.io.IOException;
import org.junit.Test;

/** What a build can afford of the fuzzing of the transport: each corpus, and the same mutations of it each time. */
public final class FuzzTest {

    private static final int MUTATIONS = 2000;

    @Test
    public void pdus() throws IOException {
        FuzzCorpus.run(FuzzTest.class, "pdus", MUTATIONS, PduFuzz::fuzzerTestOneInput);
    }

    @Test
    public void logins() throws IOException {
        FuzzCorpus.run(FuzzTest.class, "logins", MUTATIONS, LoginFuzz::fuzzerTestOneInput);
    }
}
