package io.sluice.rest.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.sluice.management.Gateway;
import io.sluice.management.Role;
import io.sluice.rest.action.Actions;
import io.sluice.rest.action.Reply;
import io.sluice.rest.action.RequestPath;
import io.sluice.rest.event.Watcher;
import io.sluice.rest.json.Json;
import io.sluice.rest.openapi.OpenApi;
import io.sluice.rest.resource.ResourceTarget;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides from the head of a request what it is and whether it may be, before a byte of a document is kept. Never waits. */
final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Gateway gateway;
    private final Callers callers;
    private final Watcher watcher;
    private final Resources resources;
    private final Health health;
    private final Answer openApi = new Answer(200, Answer.JSON, Json.bytes(OpenApi.document(Actions.ALL)), Map.of());

    Gate(Gateway gateway, Callers callers, Resources resources, Watcher watcher) {
        this.gateway = gateway;
        this.callers = callers;
        this.watcher = watcher;
        this.resources = resources;
        this.health = new Health(gateway);
    }

    /**
     * Lets a request in.
     *
     * @throws RefusedException if it is not let in
     */
    Work admit(HttpRequest head, Peer peer) {
        ResourceTarget target = ResourceTarget.parse(head.uri());
        if (target.path().startsWith(Health.ROOT)) {
            Work work = health.at(target.path());
            checkReads(head.method());
            return work;
        }
        return Resources.isOwn(target.path()) ? action(head, peer) : resource(head, target, peer);
    }

    private Work action(HttpRequest head, Peer peer) {
        String method = head.method().name();
        RequestPath path = RequestPath.parse(head.uri());
        if (method.equals("GET") && Actions.isDocument(path, OpenApi.NAME)) {
            return new Told(openApi);
        }
        Caller caller = callers.of(head.headers(), peer);
        if (Actions.isDocument(path, OpenApi.EVENTS)) {
            return events(method, path, caller);
        }
        Actions.Match match = Actions.find(method, path);
        Callers.check(caller, match.action().role());
        return new Change(match, caller.name(), peer, head.headers());
    }

    private Work events(String method, RequestPath path, Caller caller) {
        if (!method.equals("GET")) {
            throw new RefusedException(405, "this path takes GET").with("Allow", "GET");
        }
        if (!path.query().isEmpty()) {
            throw new RefusedException(400, "nothing stands behind a question mark here");
        }
        Callers.check(caller, Role.VIEWER);
        return new Follow(watcher, caller.counts());
    }

    private Work resource(HttpRequest head, ResourceTarget target, Peer peer) {
        Resources.Place place = resources.find(target.path()).orElse(null);
        if (place == null) {
            return resources
                    .redirect(target.path())
                    .map(there -> new Told(new Answer(302, null, new byte[0], Map.of("Location", there))))
                    .orElseThrow(() -> new RefusedException(404, "there is nothing at this path"));
        }
        place.role().ifPresent(role -> callers.withRole(role, head.headers(), peer));
        checkReads(head.method());
        return new ResourceRead(place, target, head.headers());
    }

    private static void checkReads(HttpMethod method) {
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            throw new RefusedException(405, "this path takes GET, HEAD").with("Allow", "GET, HEAD");
        }
    }

    /** Something that the gateway does, or tells. */
    private final class Change implements Work {
        private final Actions.Match match;
        private final String caller;
        private final Peer peer;
        private final Predicate<String> ifMatch;
        private final String ifNoneMatch;
        private final Duration patience;

        Change(Actions.Match match, String caller, Peer peer, HttpHeaders headers) {
            this.match = match;
            this.caller = caller;
            this.peer = peer;
            this.ifMatch = EntityTags.ifMatch(all(headers, HttpHeaderNames.IF_MATCH));
            this.ifNoneMatch = all(headers, HttpHeaderNames.IF_NONE_MATCH);
            this.patience = Preference.patience(all(headers, "Prefer"));
        }

        private static String all(HttpHeaders headers, CharSequence name) {
            return headers.contains(name) ? String.join(", ", headers.getAll(name)) : null;
        }

        @Override
        public boolean takesDocument() {
            return match.action().body() != null;
        }

        @Override
        public boolean isForKnown() {
            return true;
        }

        @Override
        public int mostBytes() {
            return match.action().mostBytes();
        }

        @Override
        public Answer run(byte[] document) {
            try {
                Fields body = takesDocument()
                        ? Fields.of(Json.object(document), match.action().body())
                        : Fields.NONE;
                Reply reply =
                        CallerSubject.doAs(caller, peer.remote(), () -> match.run(gateway, body, ifMatch, patience));
                return EntityTags.unlessKnown(Answer.of(reply), ifNoneMatch);
            } catch (IOException wrong) {
                return Answer.of(new RefusedException(400, wrong.getMessage()));
            } catch (RefusedException refused) {
                return Answer.of(refused);
            } catch (RuntimeException | Error bug) {
                LOG.error(
                        "{} {} failed by a bug",
                        match.action().method(),
                        match.action().path(),
                        bug);
                return Answer.of(new RefusedException(500, "a bug: the log of the gateway has more"));
            }
        }
    }
}
