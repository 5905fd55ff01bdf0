package io.sluice.shell.support;

import io.sluice.shell.output.JsonText;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of texts what is a secret, or looks like one: the values of what is named so, tokens, private keys, long words that were
 * drawn; and, wherever they stand, the secrets that this gateway is known to have. It takes too much rather than too little.
 * Immutable.
 */
public final class Redactor {

    /** What stands where a secret was. */
    static final String GONE = "[left out]";

    /** No expression below looks at more than this of a line, so none takes long for one that somebody has made for it. */
    private static final int LONGEST_LINE = 4096;

    private static final Pattern NAMED =
            Pattern.compile("(?i)passw|passphrase|secret|token|credential|key|authorization");
    private static final Pattern KEY_BEGINS = Pattern.compile("-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY");
    private static final Pattern KEY_ENDS = Pattern.compile("-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----");

    /** Each has what stays as its first group. */
    private static final List<Pattern> SIGNS = List.of(
            // Who writes a password with blanks gives no end of it.
            Pattern.compile(
                    "(?i)((?:passw(?:or)?d|passphrase|authorization)(?:\\w{0,20}|\\s[^:=]{0,40})[\"']?\\s{0,4}[=:]\\s{0,4}).+"),
            Pattern.compile("(?i)((?:secret|token|credential|key|CHAP_[A-Z])[\\w.-]{0,20}[\"']?\\s{0,4}[=:]\\s{0,4})"
                    + "(?:\"[^\"]*\"?|'[^']*'?|[^\\s,;)}\\]]+)"),
            Pattern.compile("(?i)(\\b(?:bearer|basic)\\s{1,4})[\\w.~+/=-]{8,}"),
            Pattern.compile("(\\bsluice_)[A-Za-z0-9_-]{8,}"),
            Pattern.compile("(://[^/\\s:@]{0,64}:)[^/\\s@]{1,128}(?=@)"),
            // A word that nobody has thought of: long, and with everything in it.
            Pattern.compile("()(?<![\\w+=-])(?=[\\w+=-]{0,200}[0-9])(?=[\\w+=-]{0,200}[a-z])(?=[\\w+=-]{0,200}[A-Z])"
                    + "[\\w+=-]{32,}"));

    private final List<String> known;

    /** @param secrets what is taken out wherever it stands; of what is too short to be one nothing is */
    public Redactor(Iterable<String> secrets) {
        TreeSet<String> longestFirst =
                new TreeSet<>((a, b) -> a.length() == b.length() ? a.compareTo(b) : b.length() - a.length());
        secrets.forEach(secret -> {
            if (secret.length() >= 6) {
                longestFirst.add(secret);
            }
        });
        known = List.copyOf(longestFirst);
    }

    /** Returns a text of many lines. */
    public String text(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        boolean key = false;
        String whole = withoutKnown(text);
        for (String line : (Iterable<String>) whole.lines()::iterator) {
            boolean begins = KEY_BEGINS.matcher(line).find();
            boolean ends = KEY_ENDS.matcher(line).find();
            if (begins || key) {
                clean.append(begins ? "[a private key, left out]\n" : "");
            } else {
                clean.append(line(line)).append('\n');
            }
            key = (key || begins) && !ends;
        }
        return clean.toString();
    }

    private String withoutKnown(String text) {
        String rest = text;
        for (String secret : known) {
            rest = rest.replace(secret, GONE);
        }
        return rest;
    }

    private static String line(String line) {
        boolean cut = line.length() > LONGEST_LINE;
        String rest = cut ? line.substring(0, LONGEST_LINE) : line;
        for (Pattern sign : SIGNS) {
            Matcher matcher = sign.matcher(rest);
            rest = matcher.replaceAll("$1" + Matcher.quoteReplacement(GONE));
        }
        return cut ? rest + " [" + (line.length() - LONGEST_LINE) + " more characters]" : rest;
    }

    /**
     * Returns a document in lines: what is named like a secret has no value.
     *
     * @throws IllegalArgumentException if it is none
     */
    public String json(String document) {
        return new JsonText(key -> NAMED.matcher(key).find(), GONE, value -> text(value)
                        .stripTrailing())
                .clean(document);
    }

    /** Returns settings, sorted and without comments, in which anything might stand. */
    public String settings(Properties settings) {
        StringBuilder clean = new StringBuilder();
        for (String name : new TreeSet<>(settings.stringPropertyNames())) {
            String value = settings.getProperty(name);
            boolean secret = NAMED.matcher(name).find() && !value.isBlank();
            clean.append(name)
                    .append(" = ")
                    .append(secret ? GONE : text(value).strip())
                    .append('\n');
        }
        return clean.toString();
    }
}
