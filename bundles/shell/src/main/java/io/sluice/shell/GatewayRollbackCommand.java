package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.ConfigurationManagement;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway:rollback}. */
@Command(
        name = "gateway:rollback",
        description = "Makes the configuration what it was after a revision",
        footer = {"gateway:rollback 1234 --plan", "gateway:rollback 1234 --why \"it was right\""})
final class GatewayRollbackCommand extends DifferencesCommand {

    @Parameters(index = "0", paramLabel = "REVISION", description = "Number of a revision, of gateway:history")
    @Completes(Kind.REVISION)
    private int number;

    @Option(names = "--plan", description = "Changes nothing, and shows what would be")
    private boolean plan;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why, for the history")
    private String why = "";

    @Override
    void run() throws ConfigException {
        ConfigurationManagement configuration = gateway().configuration();
        if (plan) {
            show(configuration.plan(configuration.revision(number), false), "Nothing would change.");
        } else {
            show(configuration.rollback(number, why), "Nothing has changed.");
        }
    }
}
