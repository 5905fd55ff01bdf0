package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code token:create}. */
@Command(
        name = "token:create",
        description = "Makes a token for the REST interface, and shows it once",
        footer = "token:create monitor --role viewer")
final class TokenCreateCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the new token")
    private String name;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "What its bearer may do: viewer (the default), operator or admin")
    @Completes(Kind.ROLE)
    private String role = "viewer";

    @Override
    void run() throws ConfigException {
        print(tokens().create(name, Role.parse(role)));
    }
}
