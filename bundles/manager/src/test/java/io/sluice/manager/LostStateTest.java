package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.manager.document.StateLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** The folder of states is not mounted when the gateway starts, or another one is: no disk is served that has forgotten anything. */
public class LostStateTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private Path known() {
        return fixture.document().resolveSibling("gateway.json.state");
    }

    private Path there() {
        return fixture.state().resolve("folder-id");
    }

    private void serveADisk() throws Exception {
        fixture.create("disk");
        fixture.gateway.createTarget(GatewayFixture.TARGET, List.of("disk"));
        assertEquals(1, fixture.published.size());
    }

    private void assertNothingIsServed(String why) {
        List<String> problems = fixture.gateway.status().problems();
        assertEquals(problems.toString(), 1, problems.size());
        assertTrue(problems.get(0), problems.get(0).startsWith("the state of the disks is not in " + fixture.state()));
        assertTrue(problems.get(0), problems.get(0).contains(there() + " " + why));
        assertTrue(problems.get(0), problems.get(0).contains("remove " + known() + " to go on without"));
        assertEquals(List.of(), fixture.gateway.backstores());
        assertEquals(problems, fixture.gateway.stateProblem().stream().toList());
        assertEquals(List.of(), fixture.gateway.portals());
        assertEquals(List.of(), fixture.published);
        assertThrows(ConfigException.class, () -> fixture.create("other"));
    }

    private void assertItIsServed() throws Exception {
        Eventually.isEqual(1, fixture.published::size);
        assertEquals(1, fixture.gateway.backstores().size());
        assertEquals(Optional.empty(), fixture.gateway.stateProblem());
        assertEquals(
                List.of(),
                fixture.logged("ERROR").stream()
                        .filter(line -> !line.contains("the state of the disks is not in"))
                        .toList());
    }

    @Test
    public void aFolderThatComesLateIsWaitedForAndNothingIsMadeInItsPlace() throws Exception {
        serveADisk();
        fixture.gateway.close();
        Path away = Files.move(fixture.state(), fixture.state().resolveSibling("away"));
        fixture.startWithoutPortals();
        assertNothingIsServed("is missing");
        assertFalse("not even a lock", Files.exists(fixture.state()));
        assertThrows(ConfigException.class, () -> fixture.gateway.applyConfiguration());
        Files.move(away, fixture.state());
        fixture.gateway.applyConfiguration();
        assertItIsServed();
        assertTrue("and locked now", Files.exists(fixture.state().resolve(".lock")));
        assertThrows(ConfigException.class, () -> new StateLock(fixture.state()).take());
    }

    @Test
    public void theFolderOfATornDocumentIsItsOwnAllTheSame() throws Exception {
        serveADisk();
        fixture.gateway.close();
        Files.writeString(fixture.document(), "{");
        fixture.startWithoutPortals();
        assertEquals(List.of(), fixture.gateway.portals());
        assertEquals(Optional.empty(), fixture.gateway.stateProblem());
        fixture.gateway.close();
        Files.delete(there());
        fixture.startWithoutPortals();
        assertTrue(fixture.gateway.stateProblem().isPresent());
    }

    @Test
    public void aFolderOfAnotherGatewayIsLeftAlone() throws Exception {
        serveADisk();
        fixture.gateway.close();
        Files.move(fixture.state(), fixture.state().resolveSibling("away"));
        Files.createDirectory(fixture.state());
        Files.writeString(there(), "another\n");
        fixture.startWithoutPortals();
        assertNothingIsServed("is that of another folder");
        try (Stream<Path> files = Files.list(fixture.state())) {
            assertEquals(List.of(there()), files.toList());
        }
    }

    @Test
    public void theOperatorCanGoOnWithoutIt() throws Exception {
        serveADisk();
        fixture.gateway.close();
        Files.move(fixture.state(), fixture.state().resolveSibling("away"));
        fixture.startWithoutPortals();
        assertNothingIsServed("is missing");
        Files.delete(known());
        fixture.gateway.applyConfiguration();
        assertItIsServed();
        assertEquals(Files.readString(there()), Files.readString(known()));
    }

    @Test
    public void aFolderOfAnEarlierReleaseIsTakenAsItIsAndMarked() throws Exception {
        serveADisk();
        fixture.gateway.close();
        Files.delete(known());
        Files.delete(there());
        fixture.start();
        assertItIsServed();
        assertEquals(Files.readString(there()), Files.readString(known()));
    }

    @Test
    public void asLongAsThereIsNoDiskAnyFolderWillDo() throws Exception {
        fixture.gateway.close();
        assertTrue("it is marked all the same", Files.exists(known()));
        Files.writeString(there(), "another\n");
        fixture.start();
        assertEquals("another\n", Files.readString(known()));
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> !fixture.gateway.backstoreTypes().isEmpty());
        serveADisk();
        fixture.gateway.close();
        Files.delete(there());
        fixture.startWithoutPortals();
        assertNothingIsServed("is missing");
    }
}
