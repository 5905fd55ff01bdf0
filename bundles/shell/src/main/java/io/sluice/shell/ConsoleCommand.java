package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.Gateway;
import io.sluice.management.JobStatus;
import io.sluice.management.TokenManagement;
import io.sluice.shell.completion.CommandCompleter;
import io.sluice.shell.output.Console;
import io.sluice.shell.syntax.Help;
import io.sluice.shell.syntax.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Parser;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * One of our commands as the console sees it. Karaf's own way to read options takes them only in front of arguments, and
 * differently at a prompt than in a script; here each line is read the same. Any thread may call.
 */
final class ConsoleCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleCommand.class);
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[39m";

    private final Supplier<GatewayCommand> line;
    private final Gateway gateway;
    private final Supplier<TokenManagement> tokens;
    private final CommandSpec spec;

    /**
     * @param line makes a command that is used once
     * @param tokens returns the tokens of the REST interface; null as long as there is none
     */
    ConsoleCommand(Supplier<GatewayCommand> line, Gateway gateway, Supplier<TokenManagement> tokens) {
        this.line = line;
        this.gateway = gateway;
        this.tokens = tokens;
        this.spec = Syntax.of(line.get()).getCommandSpec();
    }

    @Override
    public String getScope() {
        return spec.name().substring(0, spec.name().indexOf(':'));
    }

    @Override
    public String getName() {
        return spec.name().substring(spec.name().indexOf(':') + 1);
    }

    @Override
    public String getDescription() {
        return Syntax.description(spec);
    }

    @Override
    public Completer getCompleter(boolean scoped) {
        return new CommandCompleter(spec, scoped, gateway, tokens);
    }

    /** Returns none: the console reads quotes, pipes and several commands in a line by itself. */
    @Override
    public Parser getParser() {
        return null;
    }

    List<String> examples() {
        return Syntax.examples(spec);
    }

    @Override
    public Object execute(Session session, List<Object> arguments) throws CommandException {
        try {
            GatewayCommand command = line.get();
            CommandLine reader = Syntax.of(command);
            reader.parseArgs(words(arguments));
            if (reader.isUsageHelpRequested()) {
                // Karaf's help command asks for it in a session whose terminal is none.
                new Help(spec, System.out).print();
            } else {
                command.run(gateway, tokens, Console.of(session), session);
            }
            return null;
        } catch (ParameterException wrong) {
            throw failure(session, Syntax.explain(wrong));
        } catch (ConfigException refused) {
            throw failure(
                    session,
                    refused.kind() == ConfigException.Kind.GOES_ON ? goesOn(session, refused) : refused.getMessage());
        } catch (IllegalArgumentException refused) {
            throw failure(session, refused.getMessage());
        } catch (RuntimeException bug) {
            LOG.error("{} failed by a bug", spec.name(), bug);
            throw failure(session, "a bug: " + bug + "; the log has more");
        }
    }

    /**
     * Returns what is said of a change that goes on. One for which nobody waits because of Ctrl-C, or because the session has ended,
     * is cancelled if that leaves nothing half done. The console shows no error of a command that Ctrl-C has ended, so it is
     * printed besides.
     */
    private String goesOn(Session session, ConfigException told) {
        if (!Thread.interrupted()) {
            return told.getMessage();
        }
        String line = cancelled(told);
        if (session.getTerminal() != null) {
            session.getConsole().println(oneLine(line));
        }
        Thread.currentThread().interrupt();
        return line;
    }

    private String cancelled(ConfigException told) {
        try {
            gateway.jobs().cancel(told.job());
            return gateway.jobs().list().stream()
                            .filter(job -> job.id().equals(told.job()))
                            .map(JobStatus::what)
                            .findFirst()
                            .orElse("job " + told.job())
                    + " was cancelled, and nothing of it is left";
        } catch (ConfigException lasting) {
            return told.getMessage();
        }
    }

    /** Returns what was typed; the console has made a list of an IPv6 address in brackets, and a word of what follows it. */
    private static String[] words(List<Object> arguments) {
        List<String> words = new ArrayList<>();
        boolean list = false;
        for (Object argument : arguments) {
            String word = String.valueOf(argument);
            if (list && word.startsWith(":")) {
                words.set(words.size() - 1, words.get(words.size() - 1) + word);
            } else {
                words.add(word);
            }
            list = argument instanceof List;
        }
        return words.toArray(String[]::new);
    }

    /** At a terminal Karaf prints the line; elsewhere it belongs to the errors, and Karaf would print it with the output. */
    private static CommandException failure(Session session, String reason) {
        String message = oneLine(reason);
        if (session.getTerminal() != null) {
            return new CommandException(RED + message + PLAIN, message);
        }
        System.err.println(message);
        return new CommandException("", message);
    }

    /** What somebody has typed, or has written into the document, is in it: it begins no line, and tells no terminal anything. */
    private static String oneLine(String reason) {
        return String.valueOf(reason).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
