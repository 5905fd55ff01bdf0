package io.sluice.manager.document;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import java.util.Arrays;

/**
 * Documents that come from a disk, or from somebody who edits them: a configuration, or with a first byte of 1 the state of a unit.
 * What is taken is written and read again as the same.
 */
public final class DocumentFuzz {

    private DocumentFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            if (data.length > 0 && data[0] == 1) {
                StateJson.read(Arrays.copyOfRange(data, 1, data.length));
                return;
            }
            GatewayConfig config = ConfigJson.read(data, GatewayConfig.EMPTY).config();
            GatewayConfig again = ConfigJson.read(ConfigJson.write(config), GatewayConfig.EMPTY)
                    .config();
            if (!config.equals(again)) {
                throw new AssertionError("it comes back as another one");
            }
        } catch (ConfigException | StateJson.InvalidException refused) {
            if (refused.getMessage() == null || refused.getMessage().contains("\n")) {
                throw new AssertionError("not one line", refused);
            }
        }
    }
}
