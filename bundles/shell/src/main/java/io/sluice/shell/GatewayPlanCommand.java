package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway:plan}. */
@Command(
        name = "gateway:plan",
        description = "Shows what gateway:apply would change, and changes nothing",
        footer = {"gateway:plan new.json", "gateway:plan disk7.json --merge --json"})
final class GatewayPlanCommand extends DifferencesCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "A document; a relative path begins in etc/")
    @Completes(Kind.DOCUMENT_FILE)
    private String file;

    @Option(names = "--merge", description = "What the document does not name stays")
    private boolean merge;

    @Override
    void run() throws ConfigException {
        show(gateway().configuration().plan(DocumentFile.read(file), merge), "Nothing would change.");
    }
}
