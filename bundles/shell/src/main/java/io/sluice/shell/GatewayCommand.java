package io.sluice.shell;

import io.sluice.backstore.Secret;
import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.Gateway;
import io.sluice.management.TokenManagement;
import io.sluice.shell.output.Console;
import io.sluice.shell.secret.SecretInput;
import java.util.function.Supplier;
import org.apache.karaf.shell.api.console.Session;
import picocli.CommandLine.Option;

/**
 * What all commands share. An object is one line that somebody has typed: its fields are set from the line, then it runs once.
 * A command holds no rules of its own.
 */
abstract class GatewayCommand {

    private Gateway gateway;
    private Supplier<TokenManagement> tokens;
    private Console console;
    private Session session;

    @Option(names = "--help", usageHelp = true, description = "Shows this help")
    private boolean help;

    /** Does the work; what it throws for the user becomes one line. */
    abstract void run() throws ConfigException;

    final void run(Gateway newGateway, Supplier<TokenManagement> newTokens, Console newConsole, Session newSession)
            throws ConfigException {
        gateway = newGateway;
        tokens = newTokens;
        console = newConsole;
        session = newSession;
        run();
    }

    final Gateway gateway() {
        return gateway;
    }

    /** Returns the tokens of the REST interface, which need not be there. */
    final TokenManagement tokens() throws ConfigException {
        TokenManagement present = tokens.get();
        if (present == null) {
            throw new ConfigException("there is no REST interface: feature:install sluice-rest brings it");
        }
        return present;
    }

    final Console console() {
        return console;
    }

    /** Returns a secret that is in a file, or asked for; {@link SecretInput#read} says more. */
    final Secret secret(String file, String whose, String option) {
        return new SecretInput(session).read(file, whose, option);
    }

    /** Returns the session of the console that the line was typed in. */
    final Session session() {
        return session;
    }

    /** Does the work of another line, and prints elsewhere what it prints. */
    final void run(GatewayCommand other, Console elsewhere) throws ConfigException {
        other.run(gateway, tokens, elsewhere, session);
    }

    final void print(String line) {
        console.out().println(line);
    }

    static IscsiName target(String name) {
        return new IscsiName(name);
    }

    /** Reads a switch of the command line. */
    static boolean isOn(String text) {
        return switch (text) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither on nor off");
        };
    }
}
