package io.sluice.manager;

import static org.junit.Assert.assertEquals;

import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** Many LUNs in one change: sessions are told of a change, and not of each LUN. */
public class LunChangesTest {

    private static final int NOTHING = 0;
    private static final int RESET = 0x2900;
    private static final int OTHER_LUNS = 0x3F0E;

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private Nexus nexus;

    private int attention() throws Exception {
        return SharedCommandsFixture.attention(fixture, nexus);
    }

    private void serve(Integer... luns) throws Exception {
        TargetConfig target = fixture.gateway.config().targets().get(0);
        String before = json(target.luns());
        String after = json(List.of(luns).stream()
                .map(lun -> new LunConfig(lun, "disk" + lun, false))
                .toList());
        String document = Files.readString(fixture.document()).replaceAll("\\s", "");
        Files.writeString(fixture.document(), document.replace(before, after));
        fixture.gateway.applyConfiguration();
    }

    private static String json(List<LunConfig> luns) {
        return luns.stream()
                .map(lun -> "{\"lun\":" + lun.lun() + ",\"backstore\":\"" + lun.backstore() + "\",\"readOnly\":false}")
                .collect(Collectors.joining(",", "\"luns\":[", "]"));
    }

    @Test
    public void allOfThemAreMappedAndTakenAwayAtOnce() throws Exception {
        for (int i = 0; i < 4; i++) {
            fixture.create("disk" + i);
        }
        fixture.gateway.createTarget(GatewayFixture.TARGET, List.of("disk0"));
        ScsiTarget target = fixture.published.get(0);
        ScsiTarget.Port port = target.ports().get(0);
        nexus = target.open(
                new InitiatorPort("iqn.2026-11.io.sluice:host", 1),
                new TargetPort(target.name(), port.groupTag(), port.number()),
                new NexusRights(
                        Map.of(0, new NexusRights.View(1, false), 1, new NexusRights.View(2, false)),
                        false,
                        false,
                        ""));
        serve(0, 1, 2, 3);
        assertEquals(RESET, attention());
        assertEquals("the first of them is not told of the others", NOTHING, attention());
        serve(0, 1);
        assertEquals(OTHER_LUNS, attention());
        assertEquals(NOTHING, attention());
    }
}
