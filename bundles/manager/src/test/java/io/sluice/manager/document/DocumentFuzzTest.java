package io.sluice.manager.document;

import io.sluice.testkit.fuzz.FuzzCorpus;
import java.io.IOException;
import org.junit.Test;

/** What a build can afford of the fuzzing of documents: each corpus, and the same mutations of it each time. */
public final class DocumentFuzzTest {

    private static final int MUTATIONS = 1000;

    @Test
    public void configurations() throws IOException {
        FuzzCorpus.run(DocumentFuzzTest.class, "documents", MUTATIONS, DocumentFuzz::fuzzerTestOneInput);
    }

    @Test
    public void statesOfUnits() throws IOException {
        FuzzCorpus.run(DocumentFuzzTest.class, "states", MUTATIONS, DocumentFuzz::fuzzerTestOneInput);
    }
}
