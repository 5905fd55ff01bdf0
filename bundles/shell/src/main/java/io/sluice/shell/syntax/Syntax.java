package io.sluice.shell.syntax;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How all commands are read. A command is an annotated class whose name is {@code scope:name} and whose footer is its
 * examples, one a line.
 */
public final class Syntax {

    private Syntax() {}

    /** Returns what reads a line for a command; reading it sets the fields of the command. */
    public static CommandLine of(Object command) {
        return new CommandLine(command)
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false)
                .setInterpolateVariables(false);
    }

    /** Returns the description of a command: one line. */
    public static String description(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    /** Returns the examples of a command: lines that can be typed. */
    public static List<String> examples(CommandSpec spec) {
        return List.of(spec.usageMessage().footer());
    }

    /** Returns how a command is written. */
    public static String usage(CommandSpec spec) {
        String arguments = spec.positionalParameters().stream()
                .map(Syntax::written)
                .map(argument -> " " + argument)
                .collect(Collectors.joining());
        return spec.name() + arguments + " [OPTION...]";
    }

    private static String written(PositionalParamSpec argument) {
        String label = argument.paramLabel() + (argument.isMultiValue() ? "..." : "");
        return argument.required() ? label : "[" + label + "]";
    }

    /** Returns one line about a line that cannot be read: what is wrong, and what to do. */
    public static String explain(ParameterException wrong) {
        CommandSpec spec = wrong.getCommandLine().getCommandSpec();
        String message = wrong.getMessage().lines().findFirst().orElse("the line cannot be read");
        if (wrong instanceof MissingParameterException missing) {
            message = missing(missing);
        } else if (wrong instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            message = "'" + String.join(" ", unmatched.getUnmatched()) + "' is too much";
        } else if (wrong.getArgSpec() != null && isNumber(wrong.getArgSpec()) && wrong.getValue() != null) {
            message = "'" + wrong.getValue() + "' is not a number: " + wanted(wrong.getArgSpec()) + " is one";
        } else {
            message = Character.toLowerCase(message.charAt(0)) + message.substring(1);
        }
        return message + ": write " + usage(spec) + "; --help explains it";
    }

    private static String missing(MissingParameterException wrong) {
        List<String> names = wrong.getMissing().stream().map(Syntax::wanted).toList();
        return String.join(" and ", names) + (names.size() == 1 ? " is missing" : " are missing");
    }

    private static String wanted(ArgSpec argument) {
        return argument instanceof OptionSpec option ? "the value of " + option.longestName() : argument.paramLabel();
    }

    private static boolean isNumber(ArgSpec argument) {
        return argument.type() == int.class || argument.type() == Integer.class;
    }
}
