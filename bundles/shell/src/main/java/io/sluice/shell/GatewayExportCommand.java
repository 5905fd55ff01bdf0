package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway:export}. */
@Command(
        name = "gateway:export",
        description = "Prints the configuration as a document, or makes a file of it",
        footer = {"gateway:export", "gateway:export --target iqn.2026-11.io.sluice:disk0", "gateway:export saved.json"})
final class GatewayExportCommand extends GatewayCommand {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "A file that is new; a relative path begins in etc/")
    @Completes(Kind.DOCUMENT_FILE)
    private String file;

    @Option(names = "--target", paramLabel = "IQN", description = "This target alone, with what it needs")
    @Completes(Kind.TARGET)
    private String target;

    @Override
    void run() throws ConfigException {
        String document =
                gateway().configuration().export(Optional.ofNullable(target).map(GatewayCommand::target));
        if (file == null) {
            print(document.stripTrailing());
        } else {
            print("Wrote " + DocumentFile.write(file, document) + ".");
        }
    }
}
