package io.sluice.shell;

import io.sluice.backstore.Secret;
import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.Gateway;
import io.sluice.shell.output.Console;
import io.sluice.shell.secret.SecretInput;
import picocli.CommandLine.Option;

/**
 * What all commands share. An object is one line that somebody has typed: its fields are set from the line, then it runs once.
 * A command holds no rules of its own.
 */
abstract class GatewayCommand {

    private Gateway gateway;
    private Console console;
    private SecretInput secrets;

    @Option(names = "--help", usageHelp = true, description = "Shows this help")
    private boolean help;

    /** Does the work; what it throws for the user becomes one line. */
    abstract void run() throws ConfigException;

    final void run(Gateway newGateway, Console newConsole, SecretInput newSecrets) throws ConfigException {
        gateway = newGateway;
        console = newConsole;
        secrets = newSecrets;
        run();
    }

    final Gateway gateway() {
        return gateway;
    }

    final Console console() {
        return console;
    }

    /** Returns a secret that is in a file, or asked for; {@link SecretInput#read} says more. */
    final Secret secret(String file, String whose, String option) {
        return secrets.read(file, whose, option);
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
