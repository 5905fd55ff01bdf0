package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.config.UnitIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** How much a document may have. */
public class DocumentsTest {

    private static final int TARGETS = 1000;

    private static GatewayConfig large() {
        List<BackstoreConfig> disks = new ArrayList<>();
        List<TargetConfig> targets = new ArrayList<>();
        List<InitiatorConfig> initiators = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            disks.add(BackstoreConfig.builder("disk" + i, "memory")
                    .sizeBytes(1 << 20)
                    .identity(new UnitIdentity("6a2b3c4d5e6f70819%015x".formatted(i), "serial" + i))
                    .options(Map.of())
                    .build());
            initiators.add(new InitiatorConfig(
                    "host" + i,
                    List.of("iqn.1993-08.org.debian:01:host" + i),
                    List.of(Network.parse("192.0.2.0/24")),
                    new ChapConfig("user" + i, "host" + i + ".chap"),
                    null,
                    null));
            targets.add(new TargetConfig(
                    new IscsiName("iqn.2026-11.io.sluice:disk" + i),
                    true,
                    AccessState.ACTIVE_OPTIMIZED,
                    List.of(new LunConfig(0, "disk" + i, false)),
                    List.of(new GrantConfig("host" + i, List.of(new LunView(0, 0, false)), false, false)),
                    List.of(),
                    List.of(new TargetPortConfig(1, i + 1, null)),
                    null));
        }
        return new GatewayConfig(List.of(), disks, targets, initiators, List.of(), null);
    }

    private static int tokens(String text) throws Exception {
        int count = 0;
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            while (parser.nextToken() != null) {
                count++;
            }
        }
        return count;
    }

    @Test
    public void tenThousandTargetsAreHalfOfWhatADocumentMayHave() throws Exception {
        GatewayConfig config = large();
        String text = Documents.write(config);
        assertTrue("tokens: " + tokens(text), 10 * tokens(text) < 1_100_000);
        assertEquals(config, Documents.read(text, GatewayConfig.EMPTY, false));
    }

    @Test
    public void moreValuesThanMemoryHoldsAreRefused() {
        String many = "{\"version\":1,\"targets\":[{\"\":0}" + ",{\"\":0}".repeat(500_000) + "]}";
        ConfigException refused =
                assertThrows(ConfigException.class, () -> Documents.read(many, GatewayConfig.EMPTY, false));
        assertTrue(refused.getMessage(), refused.getMessage().contains("it has too many values"));
    }
}
