package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.output.Console;
import io.sluice.shell.output.Units;
import io.sluice.shell.support.FileParts;
import io.sluice.shell.support.Folders;
import io.sluice.shell.support.MachineParts;
import io.sluice.shell.support.Part;
import io.sluice.shell.support.Redactor;
import io.sluice.shell.support.SupportBundle;
import io.sluice.shell.syntax.Syntax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code support:bundle}. */
@Command(
        name = "support:bundle",
        description = "Writes a zip to send with a bug report, without secrets",
        footer = {"support:bundle", "support:bundle slow-disk.zip"})
final class SupportBundleCommand extends GatewayCommand {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'support-'yyyyMMdd-HHmmss-SSS'.zip'");

    /** What is shown as JSON, by the name of its file. */
    private static final Map<String, Supplier<ListingCommand>> LISTINGS = new TreeMap<>(Map.of(
            "status", GatewayStatusCommand::new,
            "backstores", BackstoreListCommand::new,
            "types", BackstoreTypesCommand::new,
            "moves", BackstoreMovesCommand::new,
            "initiators", InitiatorListCommand::new,
            "luns", LunListCommand::new,
            "portals", PortalListCommand::new,
            "sessions", SessionListCommand::new,
            "targets", TargetListCommand::new));

    /** What Karaf tells of itself; a pipe into {@code tac} makes its lines the result. */
    private static final Map<String, String> LINES = new TreeMap<>(Map.of(
            "bundles", "bundle:list -t 0 -l -u | tac -l",
            "features", "feature:list -i | tac -l",
            "diagnosis", "bundle:diag | tac -l"));

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The zip; a relative path begins in data/. Named after the time if left out")
    private String name;

    @Override
    void run() throws ConfigException {
        Folders folders = Folders.ofInstance();
        Path file = file(folders);
        try {
            FileParts files = new FileParts(folders);
            Redactor redactor = new Redactor(files.secrets());
            List<Part> parts = new ArrayList<>(gatewayParts(redactor));
            parts.addAll(MachineParts.parts());
            parts.addAll(karafParts(redactor));
            parts.addAll(files.parts(redactor));
            List<String> problems = new SupportBundle(SupportBundle.USUAL).write(file, parts);
            print("Wrote " + file + " (" + Units.bytes(Files.size(file)) + "). Secrets are left out of it.");
            problems.forEach(problem -> print("Missing in it: " + problem + "."));
        } catch (IOException failed) {
            throw new ConfigException(failed.getMessage(), failed);
        }
    }

    private Path file(Folders folders) {
        try {
            return folders.data().resolve(name == null ? LocalDateTime.now().format(NAME) : name);
        } catch (InvalidPathException malformed) {
            throw new IllegalArgumentException("'" + name + "' is not the path of a file", malformed);
        }
    }

    private List<Part> gatewayParts(Redactor redactor) {
        return LISTINGS.entrySet().stream()
                .map(listing -> new Part(
                        "gateway/" + listing.getKey() + ".json",
                        () -> redactor.json(json(listing.getValue().get()))))
                .toList();
    }

    private String json(ListingCommand command) throws ConfigException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Syntax.of(command).parseArgs("--json");
        run(command, new Console(out, OptionalInt.empty()));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String text(Object said) {
        return said instanceof List<?> lines
                ? lines.stream().map(String::valueOf).collect(Collectors.joining("\n"))
                : String.valueOf(said);
    }

    /** Asked by this thread, which is the one of somebody who may. */
    private List<Part> karafParts(Redactor redactor) {
        List<Part> parts = new ArrayList<>();
        LINES.forEach((file, line) -> {
            String said;
            try {
                said = text(session().execute(line));
            } catch (Exception refused) {
                parts.add(new Part("karaf/" + file + ".txt", () -> {
                    throw refused;
                }));
                return;
            }
            parts.add(new Part("karaf/" + file + ".txt", () -> redactor.text(said)));
        });
        return parts;
    }
}
