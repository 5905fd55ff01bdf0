package io.sluice.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The settings of a service, as they stand in a file of its own in {@code etc}. A value that does not do is replaced by the usual
 * one and told of: a mistake in one line is no reason to serve nobody. Not thread-safe.
 */
public final class ServiceSettings {

    private final String pid;
    private final Map<String, ?> values;
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * @param pid name of the service, which is the name of the file but for its ending
     * @param values what the file has, whatever its types; what has a dot in its name is of the container
     */
    public ServiceSettings(String pid, Map<String, ?> values) {
        this.pid = pid;
        this.values = values;
    }

    /**
     * Returns a number.
     *
     * @param least the least one that does
     * @param most the greatest one that does
     * @param usual the one without the setting, or in the place of one that does not do
     */
    public int number(String name, int least, int most, int usual) {
        String text = text(name, "");
        if (text.isEmpty()) {
            return usual;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException wrong) {
            // Told below, with what would do.
        }
        return instead(name, "a number from " + least + " to " + most, text, usual);
    }

    /** Returns a choice between {@code true} and {@code false}; {@code usual} as with a number. */
    public boolean flag(String name, boolean usual) {
        String text = text(name, Boolean.toString(usual));
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> instead(name, "true or false", text, usual);
        };
    }

    private <T> T instead(String name, String wanted, String text, T usual) {
        problems.add(line(name + " is " + wanted + ", not '" + text + "': it works with " + usual));
        return usual;
    }

    /** Returns any text, without space around it; {@code usual} in the place of none. */
    public String text(String name, String usual) {
        known.add(name);
        Object value = values.get(name);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? usual : text;
    }

    /** Returns what was wrong with the settings that were asked for, and which are there that nobody asked for: a line each. */
    public List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        for (String name : new TreeSet<>(values.keySet())) {
            if (!known.contains(name) && name.indexOf('.') < 0) {
                all.add(line("there is no setting '" + name + "': it does nothing"));
            }
        }
        return Collections.unmodifiableList(all);
    }

    private String line(String problem) {
        return "in etc/" + pid + ".cfg " + problem;
    }
}
