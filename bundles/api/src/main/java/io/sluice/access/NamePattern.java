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

    /** Returns whether a name can match this pattern and another one. */
    boolean overlaps(NamePattern other) {
        String a = text;
        String b = other.text;
        // Whether what is left of the two from each pair of places on can be the same.
        boolean[][] same = new boolean[a.length() + 1][b.length() + 1];
        for (int i = a.length(); i >= 0; i--) {
            for (int j = b.length(); j >= 0; j--) {
                boolean aEnds = i == a.length();
                boolean bEnds = j == b.length();
                if (!aEnds && a.charAt(i) == '*') {
                    same[i][j] = same[i + 1][j] || !bEnds && same[i][j + 1];
                } else if (!bEnds && b.charAt(j) == '*') {
                    same[i][j] = same[i][j + 1] || !aEnds && same[i + 1][j];
                } else {
                    same[i][j] = aEnds && bEnds || !aEnds && !bEnds && a.charAt(i) == b.charAt(j) && same[i + 1][j + 1];
                }
            }
        }
        return same[0][0];
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
