package io.sluice.iscsi.session;

import io.sluice.config.PortalConfig;
import io.sluice.scsi.target.ScsiTarget;
import java.util.Collection;

/**
 * What discovery may list.
 *
 * @param targets all targets
 * @param portals all portals that listen
 */
public record Directory(Collection<ScsiTarget> targets, Collection<PortalConfig> portals) {}
