package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.RedirectConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:redirect}. */
@Command(
        name = "target:redirect",
        description = "Sends whoever logs in to a target to another address",
        footer = {
            "target:redirect iqn.2026-11.io.sluice:disk0 192.0.2.2:3260",
            "target:redirect iqn.2026-11.io.sluice:disk0 --off"
        })
final class TargetRedirectCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "ADDRESS",
            arity = "0..1",
            description = "ADDRESS:PORT that has the target; sessions that there are stay here")
    private String address;

    @Option(names = "--permanent", description = "Initiators are to remember it")
    private boolean permanent;

    @Option(names = "--off", description = "Nobody is sent elsewhere any more")
    private boolean off;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        if (off ? address != null || permanent : address == null) {
            throw new IllegalArgumentException("name either the address to send initiators to, or --off");
        }
        RedirectConfig redirect = off ? null : new RedirectConfig(address, permanent);
        gateway().access().setTargetRedirect(target, redirect);
        print(
                off
                        ? "Target " + target + " sends nobody elsewhere."
                        : "Target " + target + " sends whoever logs in to " + redirect.address()
                                + (permanent ? ", for good." : ", for now."));
    }
}
