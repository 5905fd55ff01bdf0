package io.sluice.manager;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Configurations made from others. */
final class Configs {

    private Configs() {}

    static BackstoreConfig of(BackstoreRequest request, UnitIdentity identity) {
        BackstoreConfig config = BackstoreConfig.builder(request.name(), request.type())
                .sizeBytes(request.sizeBytes())
                .blockSize(request.blockSize())
                .physicalBlockSize(request.physicalBlockSize())
                .thin(request.thin())
                .readOnly(request.readOnly())
                .removable(request.removable())
                .unmap(request.unmap())
                .writeThrough(request.writeThrough())
                .thresholdPercent(request.thresholdPercent())
                .identity(identity)
                .options(request.options())
                .build();
        // The geometry knows which block sizes there are; any capacity will do to ask it.
        new BlockGeometry(1, config.blockSize(), config.physicalBlockSize());
        return config;
    }

    static GatewayConfig with(GatewayConfig before, BackstoreConfig backstore) {
        List<BackstoreConfig> backstores = new ArrayList<>(before.backstores());
        backstores.add(backstore);
        return before.withBackstores(backstores);
    }

    static GatewayConfig with(GatewayConfig before, TargetConfig target) throws ConfigException {
        if (before.target(target.name()).isPresent()) {
            throw new ConfigException("there is a target " + target.name() + " already: choose another name");
        }
        List<TargetConfig> targets = new ArrayList<>(before.targets());
        targets.add(target);
        return before.withTargets(targets);
    }

    static GatewayConfig without(GatewayConfig before, String backstore) {
        return before.withBackstores(before.backstores().stream()
                .filter(other -> !other.name().equals(backstore))
                .toList());
    }

    static GatewayConfig without(GatewayConfig before, TargetConfig target) {
        return before.withTargets(
                before.targets().stream().filter(other -> !other.equals(target)).toList());
    }

    static GatewayConfig replace(GatewayConfig before, BackstoreConfig changed) {
        UnaryOperator<BackstoreConfig> swap = old -> old.name().equals(changed.name()) ? changed : old;
        return before.withBackstores(before.backstores().stream().map(swap).toList());
    }

    static GatewayConfig replace(GatewayConfig before, TargetConfig changed) {
        UnaryOperator<TargetConfig> swap = old -> old.name().equals(changed.name()) ? changed : old;
        return before.withTargets(before.targets().stream().map(swap).toList());
    }

    static GatewayConfig withLun(GatewayConfig before, IscsiName target, LunConfig lun) throws ConfigException {
        requireBackstore(before, lun.backstore());
        TargetConfig old = requireTarget(before, target);
        if (old.lun(lun.lun()).isPresent()) {
            throw new ConfigException("LUN " + lun.lun() + " of target " + target + " is in use by backstore "
                    + old.lun(lun.lun()).get().backstore() + ": choose another, such as " + old.nextFreeLun());
        }
        List<LunConfig> luns = new ArrayList<>(old.luns());
        luns.add(lun);
        return replace(before, old.withLuns(luns));
    }

    static GatewayConfig withoutLun(GatewayConfig before, IscsiName target, int lun) throws ConfigException {
        TargetConfig old = requireTarget(before, target);
        LunConfig mapping = requireLun(before, target, lun);
        return replace(
                before,
                old.withLuns(old.luns().stream()
                        .filter(other -> !other.equals(mapping))
                        .toList()));
    }

    /** Has every LUN of one backstore go to another. */
    static GatewayConfig withLunsOf(GatewayConfig before, String former, String now) {
        UnaryOperator<LunConfig> swap =
                lun -> lun.backstore().equals(former) ? new LunConfig(lun.lun(), now, lun.readOnly()) : lun;
        return before.withTargets(before.targets().stream()
                .map(target -> target.withLuns(target.luns().stream().map(swap).toList()))
                .toList());
    }

    static LunConfig requireLun(GatewayConfig config, IscsiName target, int lun) throws ConfigException {
        return requireTarget(config, target)
                .lun(lun)
                .orElseThrow(() -> ConfigException.notFound(
                        Integer.toString(lun),
                        "target " + target + " has no LUN " + lun + ": lun:list shows those that there are"));
    }

    static BackstoreConfig requireBackstore(GatewayConfig config, String name) throws ConfigException {
        return config.backstore(name)
                .orElseThrow(() -> ConfigException.notFound(
                        name, "there is no backstore " + name + ": backstore:list shows those that there are"));
    }

    static TargetConfig requireTarget(GatewayConfig config, IscsiName name) throws ConfigException {
        return config.target(name)
                .orElseThrow(() -> ConfigException.notFound(
                        name.value(), "there is no target " + name + ": target:list shows those that there are"));
    }

    /** Returns where a backstore is mapped, as {@code TARGET lun N}. */
    static List<String> mappings(GatewayConfig config, String backstore) {
        return mappings(config).getOrDefault(backstore, List.of());
    }

    /** Returns where each backstore is mapped, but for those that are not. */
    static Map<String, List<String>> mappings(GatewayConfig config) {
        Map<String, List<String>> mappings = new HashMap<>();
        for (TargetConfig target : config.targets()) {
            for (LunConfig lun : target.luns()) {
                mappings.computeIfAbsent(lun.backstore(), first -> new ArrayList<>())
                        .add(target.name() + " lun " + lun.lun());
            }
        }
        return mappings;
    }
}
