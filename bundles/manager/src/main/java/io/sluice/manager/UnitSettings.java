package io.sluice.manager;

import io.sluice.scsi.target.CopyDomain;
import java.nio.file.Path;

/**
 * What all units of a gateway have in common.
 *
 * @param stateFolder where the state of units is kept
 * @param erasureBytesPerSecond how fast FORMAT UNIT and SANITIZE may overwrite; 0 for as fast as the storage takes it
 * @param copyDomain the units that may copy from each other by tokens: all of them
 */
record UnitSettings(Path stateFolder, long erasureBytesPerSecond, CopyDomain copyDomain) {

    /** Settings of a gateway. */
    UnitSettings(Path stateFolder, long erasureBytesPerSecond) {
        this(stateFolder, erasureBytesPerSecond, new CopyDomain());
    }
}
