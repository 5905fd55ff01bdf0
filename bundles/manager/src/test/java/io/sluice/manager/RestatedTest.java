package io.sluice.manager;

import static org.junit.Assert.assertEquals;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.UnitIdentity;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What a document need not say to be taken for what is there. */
public class RestatedTest {

    private static final UnitIdentity IDENTITY = UnitIdentity.chosen("6a8b1c2d3e4f50617283940000000001", "MAIL0001");

    private static GatewayConfig config(Map<String, String> options) throws Exception {
        return GatewayConfig.EMPTY.withBackstores(List.of(BackstoreConfig.builder("mail", "rbd")
                .sizeBytes(1 << 20)
                .identity(IDENTITY)
                .options(options)
                .build()));
    }

    private static Map<String, String> restated(Map<String, String> wanted, Map<String, String> present)
            throws Exception {
        return new Restated(name -> null)
                .of(config(wanted), config(present))
                .backstores()
                .get(0)
                .options();
    }

    @Test
    public void theIdOfAnImageNeedNotBeSaid() throws Exception {
        Map<String, String> present = Map.of("image", "mail", "imageId", "1a2b");
        assertEquals(present, restated(Map.of("image", "mail"), present));
        Map<String, String> another = Map.of("image", "mail", "imageId", "3c4d");
        assertEquals(another, restated(another, present));
    }

    @Test
    public void anotherImageHasAnotherId() throws Exception {
        Map<String, String> wanted = Map.of("image", "news");
        assertEquals(wanted, restated(wanted, Map.of("image", "mail", "imageId", "1a2b")));
    }
}
