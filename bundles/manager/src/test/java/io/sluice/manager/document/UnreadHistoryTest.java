package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.PortalConfig;
import io.sluice.management.Revision;
import io.sluice.manager.history.Author;
import io.sluice.manager.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A history that cannot be read for a while loses no revision by that. */
public class UnreadHistoryTest {

    private static final long SOON = 10_000;
    private static final Author ALICE = new Author("alice", "");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private volatile boolean broken;

    private Path state() {
        return folder.getRoot().toPath().resolve("history");
    }

    private History history() {
        return new History(new HistoryFiles(state(), new ForwardedFiles() {
            @Override
            void before(Path path) throws IOException {
                if (broken) {
                    throw new IOException("Input/output error");
                }
            }
        }));
    }

    private static GatewayConfig config(int port) {
        return new GatewayConfig(List.of(PortalConfig.parse("127.0.0.1:" + port)), List.of(), List.of());
    }

    private static List<String> lines(History history) {
        return history.revisions().stream()
                .map(one -> one.number() + " " + String.join("", one.lines()))
                .toList();
    }

    @Test
    public void whatIsThereStaysAndWhatComesIsNumberedAfterIt() throws Exception {
        History first = history();
        first.add(GatewayConfig.EMPTY, config(1), ALICE, List.of("one"));
        first.add(config(1), config(2), ALICE, List.of("two"));
        first.close(SOON);
        String one = Files.readString(state().resolve("1.json"));
        broken = true;
        History second = history();
        second.begin(config(2));
        second.add(config(2), config(3), ALICE, List.of("three"));
        assertEquals(List.of("1 three"), lines(second));
        String problem = "the history of the configuration cannot be kept: Input/output error;"
                + " changes are made all the same";
        assertEquals(List.of(problem), List.copyOf(second.problems()));
        assertEquals(
                problem,
                assertThrows(ConfigException.class, () -> second.document(7)).getMessage());
        broken = false;
        second.add(config(3), config(4), ALICE, List.of("four"));
        List<String> all = List.of("4 four", "3 three", "2 two", "1 one");
        assertEquals(all, lines(second));
        assertTrue(second.document(3).contains("127.0.0.1:3"));
        second.close(SOON);
        assertEquals(List.of(), List.copyOf(second.problems()));
        assertEquals(one, Files.readString(state().resolve("1.json")));
        History third = history();
        assertEquals(all, lines(third));
        List<Revision> found = third.revisions();
        assertEquals("alice", found.get(1).who());
        third.close(SOON);
    }

    @Test
    public void whoeverLooksAtOnceSeesWhatTheStartFound() throws Exception {
        for (int start = 1; start <= 50; start++) {
            History history = history();
            history.begin(config(start));
            assertEquals(start, history.revisions().size());
            history.close(SOON);
        }
    }
}
