package io.sluice.http;

import java.util.List;
import java.util.Map;

/**
 * A request for an {@link HttpResource}.
 *
 * @param path the path that was asked for, decoded; it begins with that of the resource and has no empty, {@code .} or {@code ..}
 *     segments
 * @param query what stands behind the question mark, decoded
 * @param headers header fields by name in lower case; of those that came more than once, the first. Authorization is
 *     not among them
 */
public record HttpRead(String path, Map<String, List<String>> query, Map<String, String> headers) {

    /** Takes copies. */
    public HttpRead {
        query = Map.copyOf(query);
        headers = Map.copyOf(headers);
    }
}
