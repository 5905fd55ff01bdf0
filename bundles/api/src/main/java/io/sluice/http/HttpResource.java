package io.sluice.http;

import io.sluice.management.Role;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something to read over HTTP, found as a service. It answers GET and HEAD; the server sees to everything else of HTTP
 * (RFC 9110), to tokens, limits and deadlines.
 */
@ConsumerType
public interface HttpResource {

    /**
     * Returns where it is: a path such as {@code /metrics}, or one with a slash at its end, such as {@code /console/}, for
     * everything below it. What the server has itself goes before.
     */
    String path();

    /** Returns the role that a caller has to have; empty where whoever reaches the server may read it. */
    Optional<Role> role();

    /**
     * Answers a request. Called by a thread of the server that may wait a little, but of which there are few; by several of them
     * at a time. What is thrown is answered as an error of the server, and logged.
     */
    HttpAnswer get(HttpRead request);
}
