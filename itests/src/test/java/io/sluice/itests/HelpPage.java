package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --help} says about a command, in the one order that all have.
 *
 * @param command {@code scope:name}
 * @param text the page as it is printed
 * @param arguments the names of its arguments, in their order; those that may be left out in brackets
 * @param options the names of its options, and whether a value follows
 * @param examples lines that can be typed
 */
record HelpPage(
        String command, String text, List<String> arguments, Map<String, Boolean> options, List<String> examples) {

    private static final Pattern USAGE =
            Pattern.compile("Usage: (\\S+)((?: \\[?[A-Z]+(?:\\.\\.\\.)?\\]?)*) \\[OPTION\\.\\.\\.\\]");
    private static final Pattern OPTION = Pattern.compile("^ +((?:-\\w, )?)(--[a-z-]+)( [A-Z=]+)?(?:  .*)?$");
    private static final Pattern SHORT_OPTION = Pattern.compile("-\\w");

    /** Reads a page and checks its order. */
    static HelpPage of(String command, String text) {
        Map<String, List<String>> sections = sections(text);
        List<String> order = new ArrayList<>(sections.keySet());
        assertTrue(
                command + " begins with its name and what it does:\n" + text,
                order.get(0).matches(Pattern.quote(command) + ": [A-Z].*[^.]"));
        order.remove(0);
        List<String> expected = new ArrayList<>(List.of("Usage", "Arguments", "Options", "Example"));
        expected.retainAll(order);
        assertEquals(text, expected, order);
        assertTrue(text, order.contains("Usage") && order.contains("Options") && order.contains("Example"));
        Matcher usage = USAGE.matcher(text);
        assertTrue(text, usage.find() && usage.group(1).equals(command));
        List<String> arguments = Arrays.stream(usage.group(2).split(" "))
                .filter(name -> !name.isEmpty())
                .toList();
        List<String> explained = sections.getOrDefault("Arguments", List.of());
        for (String argument : arguments) {
            String name = argument.replaceAll("[\\[\\].]", "");
            assertTrue(text, explained.stream().anyMatch(line -> line.matches(" +" + name + "  .*")));
        }
        return new HelpPage(
                command,
                text,
                arguments,
                options(sections.get("Options")),
                sections.get("Example").stream().map(String::strip).toList());
    }

    private static Map<String, List<String>> sections(String text) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        String title = "";
        for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
            if (line.startsWith(" ")) {
                sections.get(title).add(line);
            } else {
                // Usage goes on behind its title; some pages have one example, some more.
                title = line.replaceFirst("^(Usage|Arguments|Options|Example)s?:.*", "$1");
                sections.put(title, new ArrayList<>());
            }
        }
        return sections;
    }

    private static Map<String, Boolean> options(List<String> lines) {
        Map<String, Boolean> options = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher found = OPTION.matcher(line);
            if (found.matches()) {
                boolean value = found.group(3) != null;
                Matcher shortName = SHORT_OPTION.matcher(found.group(1));
                if (shortName.find()) {
                    options.put(shortName.group(), value);
                }
                options.put(found.group(2), value);
            }
        }
        return options;
    }

    /** Returns the number of arguments that have to be there. */
    int needed() {
        return (int) arguments.stream().filter(name -> !name.startsWith("[")).count();
    }

    /** Returns the same line with its options, and their values, in front of its arguments. */
    String optionsInFront(String line) {
        List<String> front = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        List<String> words = List.of(line.split(" "));
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).startsWith("-")) {
                front.add(words.get(i));
                if (options.getOrDefault(words.get(i), false)) {
                    front.add(words.get(++i));
                }
            } else {
                rest.add(words.get(i));
            }
        }
        front.addAll(rest);
        return words.get(0) + " " + String.join(" ", front);
    }
}
