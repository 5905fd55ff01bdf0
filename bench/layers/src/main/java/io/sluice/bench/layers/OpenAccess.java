package io.sluice.bench.layers;

import io.sluice.access.AccessControl;
import io.sluice.access.AccessRules;
import io.sluice.config.AccessState;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.TargetConfig;
import java.util.List;

/** Rules with one target, which is open to everybody on this machine. */
final class OpenAccess {

    private OpenAccess() {}

    static AccessControl to(String target) {
        TargetConfig open = new TargetConfig(new IscsiName(target), true, AccessState.ACTIVE_OPTIMIZED, List.of());
        AccessRules rules = new AccessRules(GatewayConfig.EMPTY.withTargets(List.of(open)), name -> null);
        return () -> rules;
    }
}
