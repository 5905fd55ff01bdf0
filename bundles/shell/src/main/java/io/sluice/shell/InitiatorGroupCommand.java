package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code initiator:group}. */
@Command(
        name = "initiator:group",
        description = "Makes a group of initiators, or says who is in it",
        footer = {"initiator:group cluster esx1 web1", "initiator:group cluster web1 --remove"})
final class InitiatorGroupCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "GROUP", description = "Name of the group")
    @Completes(Kind.GROUP)
    private String name;

    @Parameters(index = "1..*", paramLabel = "MEMBER", arity = "1..*", description = "Names of the initiators in it")
    @Completes(Kind.INITIATOR)
    private List<String> members = new ArrayList<>();

    @Option(names = "--add", description = "Adds them to those that are in it")
    private boolean add;

    @Option(names = "--remove", description = "Takes them out of it, and leaves the others in it")
    private boolean remove;

    @Override
    void run() throws ConfigException {
        if (add && remove) {
            throw new IllegalArgumentException("--add and --remove exclude each other");
        }
        List<String> wanted = members;
        if (add || remove) {
            wanted = new ArrayList<>(gateway()
                    .config()
                    .group(name)
                    .map(InitiatorGroupConfig::members)
                    .orElseThrow(() -> new ConfigException("there is no group " + name)));
            wanted.removeAll(members);
            wanted.addAll(add ? members : List.of());
        }
        gateway().access().putInitiatorGroup(new InitiatorGroupConfig(name, wanted));
        print("Group " + name + " has " + (wanted.isEmpty() ? "no members" : String.join(", ", wanted)) + ".");
    }
}
