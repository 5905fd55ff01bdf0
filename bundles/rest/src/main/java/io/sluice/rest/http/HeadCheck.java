package io.sluice.rest.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.sluice.rest.shape.RefusedException;
import java.util.Locale;

/** What can be said of the head of a request without knowing what it asks for. */
final class HeadCheck {

    private HeadCheck() {}

    /**
     * Checks a head as such.
     *
     * @throws RefusedException if it is none
     */
    static void check(HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            throw malformed(head.decoderResult().cause());
        }
        HttpVersion version = head.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new RefusedException(505, "this is for HTTP/1.1");
        }
        int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && version.equals(HttpVersion.HTTP_1_1)) {
            throw new RefusedException(400, "a request names its host once");
        }
    }

    static RefusedException malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new RefusedException(414, "the first line of the request is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new RefusedException(431, "the headers of the request are too large");
        }
        return new RefusedException(400, "the request is not HTTP");
    }

    /** Of a chunk the decoder takes the first line for that of a request. */
    static RefusedException malformedPart(Throwable cause) {
        return cause instanceof TooLongHttpLineException
                ? new RefusedException(400, "the request is not HTTP")
                : malformed(cause);
    }

    /** Returns whether a body follows. */
    static boolean hasBody(HttpRequest head) {
        return HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0;
    }

    /**
     * Checks whether the body that is announced may come.
     *
     * @param takesDocument whether one belongs to the request
     * @param mostBytes of a document
     * @throws RefusedException if it may not
     */
    static void checkBody(HttpRequest head, boolean takesDocument, int mostBytes) {
        if (!takesDocument) {
            if (hasBody(head)) {
                throw new RefusedException(400, "no document belongs to this request");
            }
            return;
        }
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals(Answer.JSON)) {
            throw new RefusedException(415, "a document is application/json");
        }
        if (head.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
            throw new RefusedException(415, "a document is not encoded");
        }
        if (HttpUtil.getContentLength(head, 0L) > mostBytes) {
            throw tooLarge(mostBytes);
        }
        String expected = head.headers().get(HttpHeaderNames.EXPECT);
        if (expected != null && !HttpUtil.is100ContinueExpected(head)) {
            throw new RefusedException(417, "nothing can be expected but 100-continue");
        }
    }

    static RefusedException tooLarge(int mostBytes) {
        return new RefusedException(413, "a document has at most " + mostBytes + " bytes");
    }
}
