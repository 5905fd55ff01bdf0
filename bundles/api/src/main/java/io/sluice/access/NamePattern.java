package io.sluice.access;

/** An iSCSI name, or a pattern of such with {@code *} for any characters. */
final class NamePattern {

    private final String text;

    NamePattern(String text) {
        this.text = text;
    }

    boolean exact() {
        return text.indexOf('*') < 0;
    }

    /** Goes back to the last star alone, so that no name, which a stranger chooses, takes long. */
    boolean matches(String name) {
        int at = 0;
        int next = 0;
        int star = -1;
        int afterStar = 0;
        while (next < name.length()) {
            if (at < text.length() && text.charAt(at) == '*') {
                star = at++;
                afterStar = next;
            } else if (at < text.length() && text.charAt(at) == name.charAt(next)) {
                at++;
                next++;
            } else if (star >= 0) {
                at = star + 1;
                next = ++afterStar;
            } else {
                return false;
            }
        }
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        return at == text.length();
    }
}
