package io.sluice.config;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hosts that the operator knows under one name. Who comes is one of them if everything that is said here is true of him.
 *
 * @param name the operator's name for them
 * @param names iSCSI names, or patterns of such with {@code *} for any characters, in lower case; empty for any name
 * @param addresses where they come from; empty for anywhere
 * @param chap what they prove at a login, or null if they need not
 * @param mutual what the target proves to them if they ask for it, or null; only with {@code chap}
 * @param limits how fast they may use what they see, all together; null for no limit
 */
public record InitiatorConfig(
        String name,
        List<String> names,
        List<Network> addresses,
        ChapConfig chap,
        ChapConfig mutual,
        LimitConfig limits) {

    private static final Pattern PATTERN = Pattern.compile("[\\p{L}\\p{N}.:*_-]{1,223}");

    public InitiatorConfig {
        EntryName.require("initiator", name);
        names = names == null
                ? List.of()
                : names.stream().map(InitiatorConfig::nameOrPattern).toList();
        addresses = List.copyOf(Objects.requireNonNullElse(addresses, List.of()));
        if (mutual != null && chap == null) {
            throw new IllegalArgumentException(
                    "initiator " + name + ": the target can prove itself only to one that proves itself too");
        }
        if (mutual != null && mutual.secret().equals(chap.secret())) {
            throw new IllegalArgumentException("initiator " + name + ": the two directions need different secrets");
        }
    }

    /** Makes hosts without a limit. */
    public InitiatorConfig(
            String name, List<String> names, List<Network> addresses, ChapConfig chap, ChapConfig mutual) {
        this(name, names, addresses, chap, mutual, null);
    }

    /** Returns the names of the secrets that it needs. */
    public List<String> secrets() {
        return Stream.of(chap, mutual)
                .filter(Objects::nonNull)
                .map(ChapConfig::secret)
                .toList();
    }

    private static String nameOrPattern(String text) {
        if (text.indexOf('*') < 0) {
            return new IscsiName(text).value();
        }
        String pattern = text.toLowerCase(Locale.ROOT);
        if (!PATTERN.matcher(pattern).matches()) {
            throw new IllegalArgumentException("'" + text.replaceAll("\\p{Cntrl}", "?")
                    + "' is not a pattern of iSCSI names: write it like iqn.1998-01.com.vmware:*");
        }
        return pattern;
    }
}
