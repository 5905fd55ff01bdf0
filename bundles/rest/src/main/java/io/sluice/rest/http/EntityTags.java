package io.sluice.rest.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares entity tags (RFC 9110 8.8.3). */
final class EntityTags {

    private static final Pattern TAG = Pattern.compile("(W/)?(\"[\\x21\\x23-\\x7E]*\")");

    private EntityTags() {}

    /**
     * Returns an answer without its content, if the caller has that already (RFC 9110 13.1.2).
     *
     * @param ifNoneMatch tags that the caller knows; null if none
     */
    static Answer unlessKnown(Answer answer, String ifNoneMatch) {
        String tag = tag(answer.headers());
        if (answer.status() != 200 || ifNoneMatch == null || tag == null || !names(ifNoneMatch, tag, true)) {
            return answer;
        }
        return new Answer(304, null, new byte[0], answer.headers());
    }

    private static String tag(Map<String, String> headers) {
        return headers.entrySet().stream()
                .filter(header -> HttpHeaderNames.ETAG.contentEqualsIgnoreCase(header.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns whether a tag is one that the caller wants to change (RFC 9110 13.1.1); null if he has not said.
     *
     * @param ifMatch tags that he has named; null if none
     */
    static Predicate<String> ifMatch(String ifMatch) {
        return ifMatch == null ? null : tag -> names(ifMatch, tag, false);
    }

    private static boolean names(String list, String tag, boolean weak) {
        if (list.strip().equals("*")) {
            return true;
        }
        Matcher own = TAG.matcher(tag);
        if (!own.matches() || !weak && own.group(1) != null) {
            return false;
        }
        Matcher known = TAG.matcher(list);
        while (known.find()) {
            if (known.group(2).equals(own.group(2)) && (weak || known.group(1) == null)) {
                return true;
            }
        }
        return false;
    }
}
