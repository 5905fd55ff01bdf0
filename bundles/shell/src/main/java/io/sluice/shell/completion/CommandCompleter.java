package io.sluice.shell.completion;

import io.sluice.management.Gateway;
import io.sluice.management.TokenManagement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.Candidate;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What TAB offers for one command: its name, then what its arguments and options can be, each with a description. The console
 * asks the completers of all commands and puts the answers together, so this one is silent on lines of others. It offers all
 * that may stand in a place; the console picks what fits the word that is there. Any thread may call.
 */
public final class CommandCompleter implements Completer {

    private static final String QUOTES = "\"'";

    private final CommandSpec spec;
    private final boolean scoped;
    private final Values values;

    /**
     * @param spec the command; its name is {@code scope:name}
     * @param scoped whether the console is in the scope of the command, so that its short name is enough
     * @param tokens returns the tokens of the REST interface; null as long as there is none
     */
    public CommandCompleter(CommandSpec spec, boolean scoped, Gateway gateway, Supplier<TokenManagement> tokens) {
        this.spec = spec;
        this.scoped = scoped;
        this.values = new Values(gateway, tokens);
    }

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<Candidate> found = new ArrayList<>();
        completeCandidates(session, line, found);
        found.forEach(candidate -> candidates.add(candidate.value()));
        return found.isEmpty() ? -1 : 0;
    }

    @Override
    public void completeCandidates(Session session, CommandLine line, List<Candidate> candidates) {
        List<String> words = List.of(line.getArguments());
        int cursor = line.getCursorArgumentIndex();
        if (cursor <= 0 || words.isEmpty()) {
            candidates.addAll(names(session));
        } else if (session.resolveCommand(words.get(0)).equals(spec.name())) {
            QuotedWords.mend(session);
            boolean quote = line.getCursorArgument().isEmpty() && !inQuotes(line);
            candidates(new TypedLine(spec, words, cursor)).stream()
                    .map(candidate -> quote ? quoted(candidate) : candidate)
                    .forEach(candidates::add);
        }
    }

    private List<Candidate> names(Session session) {
        String name = spec.name().substring(spec.name().indexOf(':') + 1);
        String description = description(spec.usageMessage().description());
        List<Candidate> names = new ArrayList<>();
        // Several scopes have the same short name: it is offered by the one that it would run.
        if (scoped || session.resolveCommand(name).equals(spec.name())) {
            names.add(new Candidate(name, name, null, description, null, spec.name(), true));
        }
        if (!scoped) {
            names.add(new Candidate(spec.name(), spec.name(), null, description, null, spec.name(), true));
        }
        return names;
    }

    private List<Candidate> candidates(TypedLine line) {
        if (line.awaiting().isPresent()) {
            return values.of(line.awaiting().get(), line, line.word(), "");
        }
        if (line.assigned().isPresent()) {
            int start = line.word().indexOf('=') + 1;
            return values.of(
                    line.assigned().get(),
                    line,
                    line.word().substring(start),
                    line.word().substring(0, start));
        }
        if (line.word().startsWith("-")) {
            return options(line);
        }
        List<Candidate> found = new ArrayList<>();
        line.argument().ifPresent(argument -> found.addAll(values.of(argument, line, line.word(), "")));
        boolean optional =
                line.argument().map(argument -> argument.arity().min() == 0).orElse(true);
        if (found.isEmpty() || optional) {
            found.addAll(options(line));
        }
        return found;
    }

    private static boolean inQuotes(CommandLine line) {
        int before = line.getBufferPosition() - 1;
        return before >= 0
                && before < line.getBuffer().length()
                && QUOTES.indexOf(line.getBuffer().charAt(before)) >= 0;
    }

    /** Brackets mean a list to the console, so an IPv6 address is offered in quotes. */
    private static Candidate quoted(Candidate candidate) {
        return candidate.value().startsWith("[")
                ? new Candidate(
                        '"' + candidate.value() + '"', candidate.displ(), null, candidate.descr(), null, null, true)
                : candidate;
    }

    private static List<Candidate> options(TypedLine line) {
        List<Candidate> candidates = new ArrayList<>();
        for (OptionSpec option : line.openOptions()) {
            // Names of one option that have one key share a line of the list.
            String key = UUID.randomUUID().toString();
            for (String name : option.names()) {
                candidates.add(new Candidate(name, name, null, description(option.description()), null, key, true));
            }
        }
        return candidates;
    }

    private static String description(String[] lines) {
        return String.join(" ", lines);
    }
}
