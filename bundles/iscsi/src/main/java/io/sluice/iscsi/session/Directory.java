package io.sluice.iscsi.session;

import io.sluice.access.AccessRules;
import io.sluice.config.PortalConfig;
import io.sluice.scsi.target.ScsiTarget;
import java.util.Collection;

/**
 * What discovery may list.
 *
 * @param targets all targets
 * @param portals all portals that listen
 * @param rules who may use what
 */
public record Directory(Collection<ScsiTarget> targets, Collection<PortalConfig> portals, AccessRules rules) {}
