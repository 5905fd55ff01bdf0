package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code token:revoke}. */
@Command(
        name = "token:revoke",
        description = "Takes a token of the REST interface back",
        footer = "token:revoke monitor")
final class TokenRevokeCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the token")
    @Completes(Kind.TOKEN)
    private String name;

    @Override
    void run() throws ConfigException {
        tokens().revoke(name);
        print("Revoked token " + name + ".");
    }
}
