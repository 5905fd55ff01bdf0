package io.sluice.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.parsing.DefaultParser;

/** Lets options stand anywhere: Karaf itself takes them only in front of the arguments. */
@Service
public final class OptionsFirst extends DefaultParser {

    /** Options that have no value; every other one takes the word behind it along. */
    static final Set<String> FLAGS =
            Set.of("--help", "--json", "--force", "--thin", "--thick", "--read-only", "--no-unmap", "--removable");

    @Override
    public String preprocess(Session session, CommandLine commandLine) {
        return String.join(" ", reorder(List.of(commandLine.getArguments())));
    }

    static List<String> reorder(List<String> words) {
        List<String> options = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            boolean option = word.startsWith("-") && word.length() > 1 && !Character.isDigit(word.charAt(1));
            if (!option) {
                arguments.add(word);
                continue;
            }
            options.add(word);
            if (!FLAGS.contains(word) && !word.contains("=") && i + 1 < words.size()) {
                options.add(words.get(++i));
            }
        }
        List<String> reordered = new ArrayList<>(words.subList(0, Math.min(1, words.size())));
        reordered.addAll(options);
        reordered.addAll(arguments);
        return reordered;
    }
}
