package io.sluice.shell.syntax;

import io.sluice.shell.output.Console;
import io.sluice.shell.output.Table;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The explanation of a command: what it does, how it is written, its arguments and options, and examples; no colours. */
public final class Help {

    private static final int WIDTH = 80;

    private final CommandSpec spec;
    private final PrintStream out;

    /** Explains a command on a stream. */
    public Help(CommandSpec spec, PrintStream out) {
        this.spec = spec;
        this.out = out;
    }

    /** Prints all of it. */
    public void print() {
        out.println(spec.name() + ": " + Syntax.description(spec));
        out.println();
        out.println("Usage: " + Syntax.usage(spec));
        if (!spec.positionalParameters().isEmpty()) {
            table("Arguments:", spec.positionalParameters());
        }
        table(
                "Options:",
                spec.options().stream()
                        .sorted(Comparator.comparing(OptionSpec::longestName))
                        .toList());
        List<String> examples = Syntax.examples(spec);
        out.println();
        out.println(examples.size() == 1 ? "Example:" : "Examples:");
        examples.forEach(example -> out.println("  " + example));
    }

    private void table(String heading, List<? extends ArgSpec> arguments) {
        out.println();
        out.println(heading);
        Table table = new Table(new Console(out, OptionalInt.of(WIDTH)));
        for (ArgSpec argument : arguments) {
            table.row(List.of(List.of("  " + written(argument)), List.of(String.join(" ", argument.description()))));
        }
        table.print();
    }

    private static String written(ArgSpec argument) {
        if (argument instanceof PositionalParamSpec) {
            return argument.paramLabel();
        }
        String names = String.join(", ", ((OptionSpec) argument).names());
        return argument.arity().max() == 0 ? names : names + " " + argument.paramLabel();
    }
}
