package io.sluice.rest.action;

import io.sluice.rest.path.PercentText;
import io.sluice.rest.shape.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request (RFC 9112 3.2.1), taken apart strictly: whatever could be read in two ways is refused.
 *
 * @param segments of the path, decoded
 * @param query by name, decoded
 */
public record RequestPath(List<String> segments, Map<String, String> query) {

    /** @throws RefusedException if it is no path, or one with what does not belong there */
    public static RequestPath parse(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        if (!path.startsWith("/")) {
            throw PercentText.refused("begins with no /");
        }
        List<String> segments = new ArrayList<>();
        for (String raw : path.substring(1).split("/", -1)) {
            String segment = PercentText.decode(raw);
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw PercentText.refused("has an empty segment, or one that is . or ..");
            }
            segments.add(segment);
        }
        return new RequestPath(List.copyOf(segments), mark < 0 ? Map.of() : query(target.substring(mark + 1)));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = PercentText.decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "true" : PercentText.decode(pair.substring(equals + 1));
            if (query.put(name, value) != null) {
                throw PercentText.refused("has a parameter twice");
            }
        }
        return query;
    }
}
