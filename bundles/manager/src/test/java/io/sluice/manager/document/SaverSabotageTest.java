package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.Test;

/** The trial finds what it is made for: savers that leave out a step are found out, with the reason. */
public class SaverSabotageTest {

    private static void assertFound(UnaryOperator<FileCalls> saboteur, String... reasons) throws Exception {
        int looked = 0;
        for (SaverTrial trial : Savers.all()) {
            List<String> expected = Arrays.stream(reasons)
                    .filter(reason -> reason.startsWith(trial.name() + ":"))
                    .toList();
            looked += expected.size();
            if (!expected.isEmpty()) {
                List<String> findings = trial.sabotagedBy(saboteur).findings();
                for (String reason : expected) {
                    assertTrue(reason, findings.stream().anyMatch(line -> line.startsWith(reason)));
                }
            }
        }
        assertEquals("every reason is of a trial", reasons.length, looked);
    }

    @Test
    public void namesThatAreNotForced() throws Exception {
        assertFound(
                calls -> new ForwardedFiles(calls) {
                    @Override
                    public void forceFolder(Path folder) {}
                },
                "a reservation: after it was done, after a power loss: it is gone",
                "saved mode pages: after it was done, after a power loss: it is gone",
                "the first configuration: after it was done, after a power loss: it is gone",
                "numbers of ports: after it was done, after a power loss: it is gone",
                "a write that is let go: after it was done, after a power loss: it is gone",
                "another secret: after it was done, after a power loss: it is gone");
    }

    @Test
    public void foldersThatAreNotForcedInTheirParents() throws Exception {
        assertFound(
                calls -> new ForwardedFiles(calls) {
                    @Override
                    public void forceFolder(Path folder) throws IOException {
                        if (folder.getFileName() != null && !folder.equals(SaverTrial.FOLDER)) {
                            super.forceFolder(folder);
                        }
                    }
                },
                "the first registration: after it was done, after a power loss: it is gone",
                "the first secret: after it was done, after a power loss: it is gone");
    }

    @Test
    public void contentThatIsNotForced() throws Exception {
        assertFound(
                calls -> new ForwardedFiles(calls) {
                    @Override
                    public NewFile create(Path file) throws IOException {
                        NewFile made = super.create(file);
                        return new NewFile() {
                            @Override
                            public void write(ByteBuffer bytes) throws IOException {
                                made.write(bytes);
                            }

                            @Override
                            public void force() {}

                            @Override
                            public void close() throws IOException {
                                made.close();
                            }
                        };
                    }
                },
                "a reservation: after it was done, after a power loss: it cannot be read",
                "the next configuration: after it was done, after a power loss: it cannot be read",
                "another write that is kept aside: after it was done, after a power loss: it cannot be read",
                "another secret: after it was done, after a power loss: it is mixed");
    }

    @Test
    public void filesThatAreWrittenInPlace() throws Exception {
        assertFound(
                calls -> new ForwardedFiles(calls) {
                    @Override
                    public NewFile create(Path file) throws IOException {
                        Path inPlace = file.resolveSibling(
                                file.getFileName().toString().replaceFirst("^\\.(.*)\\.new$", "$1"));
                        if (calls.exists(inPlace)) {
                            calls.delete(inPlace);
                        }
                        return super.create(inPlace);
                    }

                    @Override
                    public void rename(Path from, Path to) {}
                },
                "a reservation: KILL at call",
                "the next configuration: KILL at call");
    }

    @Test
    public void failuresThatAreSwallowed() throws Exception {
        assertFound(
                calls -> new ForwardedFiles(calls) {
                    @Override
                    public void forceFolder(Path folder) {
                        try {
                            super.forceFolder(folder);
                        } catch (IOException swallowed) {
                            // What nobody is told of.
                        }
                    }
                },
                "a reservation: FAIL at call");
    }
}
