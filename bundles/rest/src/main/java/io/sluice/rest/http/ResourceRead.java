package io.sluice.rest.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.rest.resource.ResourceTarget;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.shape.RefusedException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request for what another bundle has added. Its answer is believed no more than a request is. */
final class ResourceRead implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceRead.class);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

    /** What says where an answer ends is for the server to say. */
    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "upgrade");

    private final Resources.Place place;
    private final HttpRead read;

    ResourceRead(Resources.Place place, ResourceTarget target, HttpHeaders headers) {
        this.place = place;
        Map<String, String> byName = new LinkedHashMap<>();
        headers.forEach(header -> byName.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        // The token has been looked at, and is nobody else's business.
        byName.remove(HttpHeaderNames.AUTHORIZATION.toString());
        this.read = new HttpRead(target.path(), target.query(), byName);
    }

    @Override
    public boolean takesDocument() {
        return false;
    }

    @Override
    public boolean isForKnown() {
        return place.role().isPresent();
    }

    @Override
    public Answer run(byte[] document) {
        try {
            HttpAnswer answer = place.resource().get(read);
            check(answer);
            return EntityTags.unlessKnown(
                    new Answer(answer.status(), answer.type(), answer.content(), answer.headers()),
                    read.headers().get("if-none-match"));
        } catch (RuntimeException | Error bug) {
            LOG.error("{} at {} failed by a bug", place.resource().getClass().getName(), place.path(), bug);
            return Answer.of(new RefusedException(500, "a bug: the log of the gateway has more"));
        }
    }

    private static void check(HttpAnswer answer) {
        if (answer == null || answer.content() == null) {
            throw new IllegalStateException("there is no answer");
        }
        if (answer.status() < 200 || answer.status() > 599) {
            throw new IllegalStateException(answer.status() + " is not the status of an answer");
        }
        if (answer.type() != null && !VALUE.matcher(answer.type()).matches()) {
            throw new IllegalStateException("the media type cannot be sent");
        }
        answer.headers().forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
                throw new IllegalStateException("a header cannot be sent: " + RefusedException.oneLine(name));
            }
            if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalStateException(name + " is for the server to say");
            }
        });
    }
}
