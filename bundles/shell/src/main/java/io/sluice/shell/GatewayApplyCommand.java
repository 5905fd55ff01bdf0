package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway:apply}. */
@Command(
        name = "gateway:apply",
        description = "Makes the configuration what a document says",
        footer = {"gateway:apply", "gateway:apply new.json --why \"more room\"", "gateway:apply disk7.json --merge"})
final class GatewayApplyCommand extends DifferencesCommand {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "A document; a relative path begins in etc/; gateway.json as edited if left out")
    @Completes(Kind.DOCUMENT_FILE)
    private String file;

    @Option(names = "--merge", description = "What the document does not name stays")
    private boolean merge;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why, for the history")
    private String why = "";

    @Override
    void run() throws ConfigException {
        if (file != null) {
            show(gateway().configuration().apply(DocumentFile.read(file), merge, why), "Nothing has changed.");
            return;
        }
        if (merge || !why.isEmpty() || json()) {
            throw new IllegalArgumentException("--merge, --why and --json go with a FILE");
        }
        List<String> changes = gateway().applyConfiguration();
        if (changes.isEmpty()) {
            print("Nothing has changed.");
        } else {
            changes.forEach(this::print);
        }
    }
}
