package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code initiator:delete}. */
@Command(
        name = "initiator:delete",
        description = "Removes an initiator, or a group of them",
        footer = "initiator:delete spare")
final class InitiatorDeleteCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the initiator or the group")
    @Completes(Kind.GRANTEE)
    private String name;

    @Override
    void run() throws ConfigException {
        if (gateway().config().group(name).isPresent()) {
            gateway().access().deleteInitiatorGroup(name);
            print("Deleted group " + name + "; its members are still there.");
        } else {
            gateway().access().deleteInitiator(name);
            print("Deleted initiator " + name + ".");
        }
    }
}
