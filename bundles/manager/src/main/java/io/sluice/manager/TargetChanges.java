package io.sluice.manager;

import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Changes of targets and of what is mapped into them. */
final class TargetChanges {

    private final Composition composition;

    TargetChanges(Composition composition) {
        this.composition = composition;
    }

    void create(IscsiName name, List<String> backstores) throws ConfigException {
        composition.change("creating target " + name, before -> {
            List<LunConfig> luns = new ArrayList<>();
            for (String backstore : backstores) {
                Configs.requireBackstore(before, backstore);
                composition.busy().requireMappable(backstore);
                luns.add(new LunConfig(luns.size(), backstore, false));
            }
            return Configs.with(before, new TargetConfig(name, true, AccessState.ACTIVE_OPTIMIZED, luns));
        });
    }

    void setEnabled(IscsiName name, boolean enabled) throws ConfigException {
        composition.change(
                (enabled ? "enabling target " : "disabling target ") + name,
                before -> Configs.replace(
                        before, Configs.requireTarget(before, name).withEnabled(enabled)));
    }

    void setAccessState(IscsiName name, AccessState state) throws ConfigException {
        changeAccessState(
                name,
                before -> Configs.replace(
                        before, Configs.requireTarget(before, name).withAccessState(state)));
    }

    /** Changes the access state of a target, or of a port; initiators may have changed it too. */
    void changeAccessState(IscsiName name, Composition.Change change) throws ConfigException {
        CompletionStage<Void> changed = composition.step(() -> {
            CompletableFuture<Void> made = composition.make(change, List.of(), composition.file()::save);
            composition.reconciler().setPorts(composition.config(), Configs.requireTarget(composition.config(), name));
            return made;
        });
        composition.await(changed, "changing the access state of target " + name);
    }

    void delete(IscsiName name, boolean force) throws ConfigException {
        composition.change("deleting target " + name, before -> {
            TargetConfig target = Configs.requireTarget(before, name);
            if (!force) {
                TargetUsers.requireNone(composition.sessions().list(), name);
            }
            return Configs.without(before, target);
        });
    }

    void map(IscsiName target, LunConfig lun) throws ConfigException {
        composition.change("mapping backstore " + lun.backstore(), before -> {
            composition.busy().requireMappable(lun.backstore());
            return Configs.withLun(before, target, lun);
        });
    }

    void unmap(IscsiName target, int lun, boolean force) throws ConfigException {
        composition.change("unmapping LUN " + lun + " of target " + target, before -> {
            GatewayConfig after = Configs.withoutLun(before, target, lun);
            if (!force) {
                TargetUsers.requireNone(composition.sessions().list(), target);
            }
            return after;
        });
    }
}
