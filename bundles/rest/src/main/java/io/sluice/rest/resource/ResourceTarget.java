package io.sluice.rest.resource;

import io.sluice.rest.path.PercentText;
import io.sluice.rest.shape.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target of a request for what is not the server's own.
 *
 * @param path decoded, with the slash at its end if there is one
 * @param query by name, decoded; what is there without a value has an empty one
 */
public record ResourceTarget(String path, Map<String, List<String>> query) {

    /** @throws RefusedException if it is no path, or one with what does not belong there */
    public static ResourceTarget parse(String target) {
        int mark = target.indexOf('?');
        String raw = mark < 0 ? target : target.substring(0, mark);
        if (!raw.startsWith("/")) {
            throw PercentText.refused("begins with no /");
        }
        StringBuilder path = new StringBuilder();
        String[] segments = raw.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = PercentText.decode(segments[i]);
            boolean slashAtEnd = segment.isEmpty() && i == segments.length - 1;
            if (!slashAtEnd && (segment.isEmpty() || segment.equals(".") || segment.equals(".."))) {
                throw PercentText.refused("has an empty segment, or one that is . or ..");
            }
            path.append('/').append(segment);
        }
        return new ResourceTarget(path.toString(), mark < 0 ? Map.of() : query(target.substring(mark + 1)));
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String name = PercentText.decodeQuery(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : PercentText.decodeQuery(pair.substring(equals + 1));
            query.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
        }
        return query;
    }
}
