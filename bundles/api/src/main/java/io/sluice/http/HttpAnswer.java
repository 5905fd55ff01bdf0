package io.sluice.http;

import java.util.Map;

/**
 * The answer of an {@link HttpResource}.
 *
 * @param status the status code (RFC 9110 15), such as 200
 * @param type the media type of the content
 * @param content the content; not copied, and not to be changed any more
 * @param headers other header fields, by name; they go before those of the server
 */
public record HttpAnswer(int status, String type, byte[] content, Map<String, String> headers) {

    /** Takes a copy of the headers. */
    public HttpAnswer {
        headers = Map.copyOf(headers);
    }

    /** Returns an answer that is as it should be. */
    public static HttpAnswer ok(String type, byte[] content) {
        return new HttpAnswer(200, type, content, Map.of());
    }
}
