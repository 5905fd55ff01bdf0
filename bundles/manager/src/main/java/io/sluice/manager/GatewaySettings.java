package io.sluice.manager;

import io.sluice.config.PortalConfig;
import io.sluice.volume.VolumeSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a gateway has its things, and how it is.
 *
 * @param configFile the JSON document
 * @param stateFolder where the state of units is kept that outlives the process, such as persistent reservations
 * @param defaultPortal where to listen as long as the configuration names no portal
 * @param erasureBytesPerSecond how fast FORMAT UNIT and SANITIZE may overwrite; 0 for no limit
 * @param volumes how long operations wait for a store, and may take
 * @param patience how long the gateway itself waits
 * @param problems what was wrong with the file that these come from, a line each
 * @param firstTargetPort the least number that a new target port gets
 */
public record GatewaySettings(
        Path configFile,
        Path stateFolder,
        PortalConfig defaultPortal,
        long erasureBytesPerSecond,
        VolumeSettings volumes,
        Patience patience,
        List<String> problems,
        int firstTargetPort) {

    /** Numbers of target ports begin with 1. */
    public GatewaySettings(
            Path configFile,
            Path stateFolder,
            PortalConfig defaultPortal,
            long erasureBytesPerSecond,
            VolumeSettings volumes,
            Patience patience,
            List<String> problems) {
        this(configFile, stateFolder, defaultPortal, erasureBytesPerSecond, volumes, patience, problems, 1);
    }
}
