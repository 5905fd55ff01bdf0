package io.sluice.itests;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What commands print, without what differs between two equal instances: times, counters, identifiers, ports, folders. */
final class Told {

    private static final Pattern LISTING = Pattern.compile(
            "^[a-z]+:(?:list|layers|moves|jobs|info|types|stats|status|history)\\b(?!.*--help).*", Pattern.DOTALL);

    private Told() {}

    static String of(Sluice sluice, String text) {
        String plain = Terminal.plain(text)
                .replace(sluice.folder().toString(), "FOLDER")
                .replace(sluice.portalText(), "PORTAL");
        return plain.replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?", "TIME")
                // The first half of the name of a job is another one after each start.
                .replaceAll("\\b[0-9a-f]{4}-(?=\\d+\\b)", "JOB-")
                .replaceAll("127\\.0\\.0\\.1:\\d{5}", "REMOTE")
                .replaceAll("(?i)\\b(?:naa\\.)?[0-9a-f]{12,32}\\b", "IDENTIFIER")
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    /**
     * Returns whether the texts of a command say the same. A list is wrapped at a terminal, and its counters go on: there
     * the characters are compared without figures and without their order.
     */
    static boolean same(String command, String one, String other) {
        return LISTING.matcher(command).matches() ? letters(one).equals(letters(other)) : one.equals(other);
    }

    /** Returns a text without numbers and their units, which go on while commands run, and those that are not known yet. */
    static String withoutFigures(String text) {
        return text.replaceAll("\\bsluice_\\S{43}", "TOKEN")
                .replaceAll("\\d[\\d.]*([KMGTPE]\\b|( ?([KMGT]i?)?B(/s)?| (d|h|min|s|ms)\\b)?)", "")
                .replaceAll("(?<=[ :])(-(?=\\s|$)|null\\b)", "")
                .replaceAll(" +", " ");
    }

    private static String letters(String text) {
        // An address that is wrapped is not seen as one: then its colon is left.
        return withoutFigures(text.replace("REMOTE", ":").replaceAll("\\s+", " "))
                .replace(",", "")
                .codePoints()
                .filter(c -> !Character.isWhitespace(c))
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
