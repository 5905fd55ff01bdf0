package io.sluice.manager.volume;

import static org.junit.Assert.assertEquals;

import io.sluice.config.AccessState;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.document.SharedJson.Other;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.TargetPort;
import java.io.IOException;
import java.util.List;
import org.junit.Test;

/** How the ports of other gateways are seen by initiators. */
public class OtherGatewaysTest {

    private static final TargetPort PORT = new TargetPort("iqn.2026-11.io.sluice:b", 1, 1001);
    private static final List<SharedUnit.Port> PORTS = List.of(new SharedUnit.Port(PORT, AccessState.ACTIVE_OPTIMIZED));

    private static AccessState seen(String server, boolean unserved) throws IOException {
        Other other = SharedJson.other(SharedJson.presence(new GatewayIdentity("b", "there"), PORTS));
        OtherGateways known = new OtherGateways(new Name(server, "there", ""), Name.NOBODY, false, List.of(other));
        return known.ports(unserved).get(0).accessState();
    }

    @Test
    public void onlyWhoServesTheDiskIsActive() throws Exception {
        assertEquals(AccessState.ACTIVE_OPTIMIZED, seen("b", false));
        assertEquals(AccessState.STANDBY, seen("c", false));
        assertEquals("it has not taken what it was given", AccessState.STANDBY, seen("b", true));
    }
}
