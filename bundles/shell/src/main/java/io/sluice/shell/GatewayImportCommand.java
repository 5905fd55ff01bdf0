package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.ImportReport;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gateway:import}. */
@Command(
        name = "gateway:import",
        description = "Adds what another target has saved, as far as that can be",
        footer = {
            "gateway:import saveconfig.json --format targetcli --plan",
            "gateway:import config.json --format gotgt"
        })
final class GatewayImportCommand extends DifferencesCommand {

    private static final String OURS = "sluice";

    @Parameters(index = "0", paramLabel = "FILE", description = "What was saved; a relative path begins in etc/")
    @Completes(Kind.DOCUMENT_FILE)
    private String file;

    @Option(names = "--format", paramLabel = "FORMAT", description = "sluice, gotgt or targetcli; sluice if left out")
    @Completes(Kind.DOCUMENT_FORMAT)
    private String format = OURS;

    @Option(names = "--plan", description = "Changes nothing, and shows what would be")
    private boolean plan;

    @Option(names = "--why", paramLabel = "TEXT", description = "Why, for the history")
    private String why = "";

    @Override
    void run() throws ConfigException {
        String document = DocumentFile.read(file);
        ConfigurationManagement configuration = gateway().configuration();
        ImportReport report;
        if (format.equals(OURS)) {
            report = new ImportReport(
                    plan ? configuration.plan(document, true) : configuration.apply(document, true, why), List.of());
        } else {
            report = plan
                    ? configuration.planImport(format, document)
                    : configuration.importForeign(format, document, why);
        }
        if (json()) {
            Listing.of(new Item()
                            .json(
                                    "changes",
                                    report.changes().stream()
                                            .map(DifferencesCommand::values)
                                            .toList())
                            .json("left", report.left()))
                    .printJson(console());
            return;
        }
        show(report.changes(), plan ? "Nothing would change." : "Nothing has changed.");
        report.left().forEach(line -> print("! not taken over: " + line));
    }
}
