package io.sluice.scsi.fuzz;

import io.sluice.testkit.fuzz.FuzzCorpus;
import java.io.IOException;
import org.junit.Test;

/** What a build can afford of the fuzzing of commands: the corpus and the same mutations of it each time. */
public final class CommandFuzzTest {

    /** For each of the four corpora. */
    private static final int MUTATIONS = 500;

    @Test
    public void commands() throws IOException {
        run("commands");
    }

    @Test
    public void reservationsOfOthers() throws IOException {
        run("reservations");
    }

    @Test
    public void copyDescriptors() throws IOException {
        run("copies");
    }

    @Test
    public void unmapLists() throws IOException {
        run("unmap");
    }

    private static void run(String corpus) throws IOException {
        FuzzCorpus.run(CommandFuzzTest.class, corpus, MUTATIONS, CommandFuzz::fuzzerTestOneInput);
    }
}
