package io.sluice.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.Map;
import org.junit.Test;

public class PortalConfigTest {

    @Test
    public void textIsReadAndWrittenBack() {
        Map<String, PortalConfig> table = Map.of(
                "192.0.2.1:3260", new PortalConfig("192.0.2.1", 3260),
                "192.0.2.1:1", new PortalConfig("192.0.2.1", 1),
                "0.0.0.0:65535", new PortalConfig("0.0.0.0", 65_535),
                "[::1]:3261", new PortalConfig("::1", 3261),
                "[fe80::1%eth0]:3260", new PortalConfig("fe80::1%eth0", 3260),
                "storage.example.org:860", new PortalConfig("storage.example.org", 860));
        table.forEach((text, portal) -> {
            assertEquals(portal, PortalConfig.parse(text));
            assertEquals(text, portal.toString());
        });
    }

    @Test
    public void portDefaultsTo3260() {
        for (String text : new String[] {"192.0.2.1", "::1", "[::1]"}) {
            assertEquals(text, 3260, PortalConfig.parse(text).port());
        }
    }

    @Test
    public void badTexts() {
        for (String text : new String[] {
            "",
            ":3260",
            "192.0.2.1:",
            "192.0.2.1:x",
            "192.0.2.1:0",
            "192.0.2.1:-1",
            "192.0.2.1:65536",
            "192.0.2.1:99999999999",
            "[::1",
            "[::1]3260",
            "[]:3260",
            "a b:3260",
            "a/b:3260",
            "a\n:3260",
        }) {
            assertThrows(text, IllegalArgumentException.class, () -> PortalConfig.parse(text));
        }
    }
}
