package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.UnitState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What gateways write for each other is read as it was meant, or refused in one line. */
public class SharedJsonTest {

    private static final GatewayIdentity ME = new GatewayIdentity("0123456789ab", "gw1");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    public void portsAreThoseThatWereSaid() throws IOException {
        List<SharedUnit.Port> ports = List.of(new SharedUnit.Port(
                new TargetPort("iqn.2026-11.io.sluice:a", 2, 1001), AccessState.ACTIVE_NON_OPTIMIZED));
        SharedJson.Other read = SharedJson.other(SharedJson.presence(ME, ports));
        assertEquals("gateway 0123456789ab on gw1", read.name().text());
        assertEquals(ports, read.ports());
        assertEquals(1001, read.ports().get(0).port().number());
    }

    @Test
    public void whatANewerGatewaySaysMoreIsPassedOver() throws IOException {
        assertEquals(
                "a",
                SharedJson.name(text("{'gateway':'a','host':'b','weight':7}".replace('\'', '"')))
                        .gateway());
        assertEquals(SharedJson.Name.NOBODY, SharedJson.name(new byte[0]));
    }

    @Test
    public void whatCannotBeUnderstoodIsRefusedInOneLine() {
        for (String wrong : List.of(
                "{",
                "7",
                "null",
                "{}",
                "{'gateway':'a','host':'b','ports':[{'target':'t','group':0,'number':1,'state':'standby'}]}",
                "{'gateway':'a','host':'b','ports':[{'target':'t','group':1,'number':1,'state':'asleep'}]}",
                "{'gateway':'a','host':'b','ports':[null]}")) {
            IOException refused =
                    assertThrows(wrong, IOException.class, () -> SharedJson.other(text(wrong.replace('\'', '"'))));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        }
        assertThrows(IOException.class, () -> SharedJson.name(text("{}")));
        assertThrows(IOException.class, () -> SharedJson.state(text("{}")));
    }

    @Test
    public void aStateHasWhatDoesNotSurviveALossOfPower() throws IOException {
        UnitState state = new UnitState(
                Map.of(),
                false,
                List.of(new UnitState.Registration("iqn.2026-11.io.sluice:a", 1, null, 0, 7)),
                new UnitState.Reservation(5, 0),
                Map.of(),
                null,
                12);
        assertEquals(state, SharedJson.state(SharedJson.state(state)));
        assertEquals(UnitState.NEW, SharedJson.state(new byte[0]));
        assertEquals(UnitState.NEW, SharedJson.state(SharedJson.state(UnitState.NEW)));
        assertFalse(new String(SharedJson.state(UnitState.NEW), StandardCharsets.UTF_8).contains("generation"));
        assertThrows(
                "a file of a disk of one gateway has not",
                StateJson.InvalidException.class,
                () -> StateJson.read(SharedJson.state(state)));
    }

    @Test
    public void aGatewayKeepsWhoItIs() throws IOException {
        GatewayIdentity made = GatewayIdentity.of(folder.getRoot().toPath());
        assertTrue(made.id(), made.id().matches("[0-9a-f]{12}"));
        assertEquals(made, GatewayIdentity.of(folder.getRoot().toPath()));
    }
}
