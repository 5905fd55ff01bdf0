package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;

import io.sluice.config.AccessState;
import io.sluice.config.GatewayConfig;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Difference;
import java.util.List;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What changes for hosts at a port of a target is said before and after, and a document that says nothing of ports changes none. */
public class PortDifferencesTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private ConfigurationManagement configuration;

    @Before
    public void serve() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        configuration = fixture.gateway.configuration();
    }

    private static List<String> lines(List<Difference> differences) {
        return differences.stream().map(Difference::line).toList();
    }

    private int revision() {
        return configuration.history().stream()
                .mapToInt(revision -> revision.number())
                .max()
                .orElseThrow();
    }

    private AccessState state() {
        return fixture.published.get(0).ports().get(0).accessState();
    }

    @Test
    public void aStateThatIsTakenBack() throws Exception {
        int before = revision();
        fixture.gateway.access().setPortAccessState(TARGET, 1, AccessState.STANDBY);
        assertEquals(AccessState.STANDBY, state());
        List<String> said = List.of("target " + TARGET + " is active-optimized in portal group 1");
        assertEquals(said, lines(configuration.plan(configuration.revision(before), false)));
        assertEquals(said, lines(configuration.rollback(before, "")));
        assertEquals(AccessState.ACTIVE_OPTIMIZED, state());
    }

    @Test
    public void anotherNumberAndNone() throws Exception {
        String exported = configuration.export(Optional.empty());
        String other = exported.replace("\"number\" : 1", "\"number\" : 9");
        assertEquals(
                List.of("target " + TARGET + " has number 9 in portal group 1"),
                lines(configuration.plan(other, false)));
        String none = exported.replaceAll("(?s)\"ports\" : \\[[^]]*]", "\"ports\" : []");
        assertEquals(
                List.of("target " + TARGET + " has no number in portal group 1"),
                lines(configuration.plan(none, false)));
    }

    /** Names are the same whatever the case of their letters. */
    @Test
    public void aDocumentWithCapitalLettersChangesNothing() throws Exception {
        String document = "{\"version\": 1, \"part\": true, \"targets\": [{\"name\": \""
                + TARGET.value().replace("disk", "DISK") + "\", \"luns\": [{\"lun\": 0, \"backstore\": \"disk\"}]}]}";
        fixture.gateway.access().setPortAccessState(TARGET, 1, AccessState.STANDBY);
        GatewayConfig before = fixture.gateway.config();
        assertEquals(List.of(), configuration.apply(document, false, ""));
        assertEquals(before, fixture.gateway.config());
        assertEquals(AccessState.STANDBY, state());
    }
}
