package io.sluice.shell;

import io.sluice.access.AccessRules;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.TargetConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:allow}. */
@Command(
        name = "target:allow",
        description = "Says what of a target an initiator may use",
        footer = {
            "target:allow iqn.2026-11.io.sluice:disk0 web1",
            "target:allow iqn.2026-11.io.sluice:disk0 web1 --lun 0=1 --lun 5=0:ro",
            "target:allow iqn.2026-11.io.sluice:disk0 cluster --read-only"
        })
final class TargetAllowCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(index = "1", paramLabel = "INITIATOR", description = "Name of an initiator or a group")
    @Completes(Kind.GRANTEE)
    private String initiator;

    @Option(
            names = "--lun",
            paramLabel = "LUN",
            description = "A LUN that it sees, others not: 3, or 0=3 to see LUN 3 as 0, or 3:ro for read-only;"
                    + " may be given several times")
    @Completes(Kind.LUN_VIEW)
    private List<String> luns = new ArrayList<>();

    @Option(names = "--read-only", description = "It may only read")
    private boolean readOnly;

    @Option(
            names = "--manage",
            description = "It may do what hits others: reset the target, and change its access states")
    private boolean manage;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        List<LunView> views = luns.stream().map(Grants::view).toList();
        GrantConfig grant = new GrantConfig(initiator, views, readOnly, manage);
        GatewayConfig before = gateway().config();
        gateway().access().allow(target, grant);
        print(initiator + " may use target " + target + ": " + Grants.what(grant) + ".");
        List<String> order = before.target(target).map(TargetConfig::grants).orElse(List.of()).stream()
                .map(GrantConfig::initiator)
                .toList();
        for (String other : new AccessRules(before, secret -> null).rivals(target, initiator)) {
            boolean first = order.contains(initiator) && order.indexOf(initiator) < order.indexOf(other);
            print("A host can be " + initiator + " and " + other + " alike. For such a host what "
                    + (first ? initiator : other) + " is allowed counts, because that was said first.");
        }
    }
}
