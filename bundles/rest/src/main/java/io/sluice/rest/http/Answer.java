package io.sluice.rest.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.rest.action.Actions;
import io.sluice.rest.action.Reply;
import io.sluice.rest.json.Json;
import io.sluice.rest.shape.RefusedException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer as it goes out.
 *
 * @param status the status code
 * @param type media type of the content; null if there is none
 * @param content the content
 * @param headers other headers, by name
 */
record Answer(int status, String type, byte[] content, Map<String, String> headers) {

    static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";
    private static final byte[] NOTHING = {};

    static Answer of(Reply reply) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (reply.location() != null) {
            headers.put("Location", Actions.ROOT + reply.location());
        }
        if (reply.tag() != null) {
            headers.put("ETag", reply.tag());
        }
        return reply.value() == null
                ? new Answer(reply.status(), null, NOTHING, headers)
                : new Answer(reply.status(), JSON, Json.bytes(reply.value()), headers);
    }

    /** Problem details (RFC 9457). */
    static Answer of(RefusedException refused) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", HttpResponseStatus.valueOf(refused.status()).reasonPhrase());
        problem.put("status", refused.status());
        problem.put("detail", refused.getMessage());
        return new Answer(refused.status(), PROBLEM, Json.bytes(problem), refused.headers());
    }
}
