package io.sluice.rest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.rest.FakeGateway;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Settings that do nothing are told, and not again and again. */
public class WarningsTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void eachLineIsWrittenOnce() {
        List<String> lines = new ArrayList<>();
        Warnings warnings = new Warnings(lines::add);
        for (int i = 0; i < 3; i++) {
            warnings.set(List.of("one"));
        }
        warnings.set(List.of("one", "two"));
        assertEquals(List.of("one", "two"), lines);
        assertEquals(List.of("one", "two"), warnings.present());
        warnings.set(List.of());
        assertEquals(List.of(), warnings.present());
        warnings.set(List.of("one"));
        assertEquals(List.of("one", "two", "one"), lines);
    }

    @Test
    public void theyAreAmongTheProblems() throws Exception {
        System.setProperty("sluice.state", folder.getRoot().toString());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RestComponent component = new RestComponent(
                    new FakeGateway().gateway(), Map.of("adress", "x", "address", "127.0.0.1:" + taken.getLocalPort()));
            try {
                List<String> problems = component.problems();
                assertEquals(problems.toString(), 2, problems.size());
                assertTrue(problems.get(0), problems.get(0).contains("cannot be had"));
                assertTrue(problems.get(1), problems.get(1).contains("adress"));
            } finally {
                component.close();
            }
        } finally {
            System.clearProperty("sluice.state");
        }
    }
}
