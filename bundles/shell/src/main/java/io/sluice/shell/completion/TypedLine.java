package io.sluice.shell.completion;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A line that somebody is typing, as its command understands it so far: which arguments and options it has, and what belongs
 * where the cursor is. What is wrong in it is passed over, because it may not be ready.
 */
final class TypedLine {

    private static final String END_OF_OPTIONS = "--";

    private final CommandSpec spec;
    private final String word;
    private final List<String> argumentsBefore = new ArrayList<>();
    private final List<String> argumentsBehind = new ArrayList<>();
    private final Set<OptionSpec> given = new HashSet<>();
    private final Map<OptionSpec, String> optionValues = new HashMap<>();
    private OptionSpec awaiting;
    private boolean onlyArguments;

    /**
     * @param words all words of the line, the command first
     * @param cursor the index of the word that the cursor is in, from 1
     */
    TypedLine(CommandSpec spec, List<String> words, int cursor) {
        this.spec = spec;
        this.word = cursor < words.size() ? words.get(cursor) : "";
        boolean optionsEnded = false;
        for (int i = 1; i < words.size(); i++) {
            String current = words.get(i);
            if (i == cursor) {
                onlyArguments = optionsEnded;
                continue;
            }
            OptionSpec option = optionsEnded ? null : option(current);
            if (!optionsEnded && current.equals(END_OF_OPTIONS)) {
                optionsEnded = true;
            } else if (option != null) {
                given.add(option);
                if (!takesNextWord(option, current)) {
                    optionValues.put(option, current.substring(current.indexOf('=') + 1));
                } else if (++i == cursor) {
                    awaiting = option;
                } else if (i < words.size()) {
                    optionValues.put(option, words.get(i));
                }
            } else if (optionsEnded || !current.startsWith("-")) {
                (i < cursor ? argumentsBefore : argumentsBehind).add(current);
            }
        }
    }

    /** Returns the word that the cursor is in; empty between words. */
    String word() {
        return word;
    }

    /** Returns the option whose value the word is, the word before it having named it. */
    Optional<OptionSpec> awaiting() {
        return Optional.ofNullable(awaiting);
    }

    /** Returns the option that the word names together with its value: {@code --option=value}. */
    Optional<OptionSpec> assigned() {
        return word.startsWith("--") && word.contains("=") && !onlyArguments
                ? Optional.ofNullable(option(word)).filter(option -> !isFlag(option))
                : Optional.empty();
    }

    /** Returns the argument that belongs where the cursor is. */
    Optional<PositionalParamSpec> argument() {
        int position = argumentsBefore.size();
        return spec.positionalParameters().stream()
                .filter(argument -> argument.index().contains(position))
                .findFirst();
    }

    /** Returns the options that may still be given. */
    List<OptionSpec> openOptions() {
        return onlyArguments
                ? List.of()
                : spec.options().stream()
                        .filter(option -> option.isMultiValue() || !given.contains(option))
                        .toList();
    }

    /** Returns what the line has as the argument, or else the option, of a kind, wherever the cursor is. */
    Optional<String> value(Kind kind) {
        List<String> arguments = new ArrayList<>(argumentsBefore);
        // The word under the cursor has a place of its own unless it belongs to an option.
        if (awaiting == null && !word.startsWith("-")) {
            arguments.add(word);
        }
        arguments.addAll(argumentsBehind);
        for (PositionalParamSpec argument : spec.positionalParameters()) {
            int position = argument.index().min();
            if (kind(argument).filter(kind::equals).isPresent() && position < arguments.size()) {
                return Optional.of(arguments.get(position));
            }
        }
        return optionValues.entrySet().stream()
                .filter(value -> kind(value.getKey()).filter(kind::equals).isPresent())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Returns what the values of an argument or option are. */
    static Optional<Kind> kind(ArgSpec argument) {
        return argument.userObject() instanceof Field field && field.isAnnotationPresent(Completes.class)
                ? Optional.of(field.getAnnotation(Completes.class).value())
                : Optional.empty();
    }

    private OptionSpec option(String text) {
        int equals = text.indexOf('=');
        Map<String, OptionSpec> options = spec.optionsMap();
        return options.get(equals > 0 ? text.substring(0, equals) : text);
    }

    private static boolean takesNextWord(OptionSpec option, String text) {
        return !isFlag(option) && text.indexOf('=') < 0;
    }

    private static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0;
    }
}
