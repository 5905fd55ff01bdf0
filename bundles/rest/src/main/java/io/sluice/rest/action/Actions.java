package io.sluice.rest.action;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.management.Gateway;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.RefusedException;
import io.sluice.rest.shape.Shape;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The table of what can be done, and the way from a request to its row. Any thread may call. */
public final class Actions {

    /** Where the interface begins. */
    public static final String ROOT = "/api/v1";

    /** What a change is answered that goes on. */
    public static final Shape JOB = JobViews.JOB;

    private static final List<String> ROOT_SEGMENTS = List.of("api", "v1");

    /** All rows. */
    public static final List<Action> ALL = Stream.of(
                    GatewayActions.rows(),
                    BackstoreActions.rows(),
                    LayerActions.rows(),
                    TargetActions.rows(),
                    LunActions.rows(),
                    InitiatorActions.rows(),
                    ConfigurationActions.rows(),
                    JobActions.rows(),
                    TraceActions.rows())
            .flatMap(List::stream)
            .toList();

    private Actions() {}

    /**
     * A row that a request is for.
     *
     * @param action the row
     * @param values those of the path, by name
     * @param query what stands behind the question mark
     */
    public record Match(Action action, Map<String, String> values, Fields query) {

        /**
         * Does it; may wait for the gateway.
         *
         * @param ifMatch whether a tag is that of what the caller wants to change; null if he has not said
         * @param patience how long the caller waits for a change, which goes on as a job then
         * @throws RefusedException if it is refused
         */
        public Reply run(Gateway gateway, Fields body, Predicate<String> ifMatch, Duration patience) {
            Call call = new Call(gateway, values, query, body);
            try {
                if (Tags.shows(action)) {
                    // Of what was there before it was looked at: a tag may be too old, and never too new.
                    String tag = Tags.of(gateway.config(), action, values);
                    return action.handler().handle(call).tagged(tag);
                }
                if (action.method().equals("GET")) {
                    return action.handler().handle(call);
                }
                return gateway.jobs()
                        .within(
                                patience,
                                () -> ifMatch == null ? action.handler().handle(call) : ifUnchanged(call, ifMatch));
            } catch (ConfigException refused) {
                if (refused.kind() == ConfigException.Kind.GOES_ON) {
                    return JobActions.accepted(gateway, refused.job());
                }
                throw Refusals.of(refused, values.values());
            } catch (IllegalArgumentException wrong) {
                throw Refusals.of(wrong);
            }
        }

        private Reply ifUnchanged(Call call, Predicate<String> ifMatch) throws ConfigException {
            if (!Tags.has(action)) {
                throw new RefusedException(412, "this path has no ETag: leave If-Match out");
            }
            Predicate<GatewayConfig> expected = config -> {
                String tag = Tags.of(config, action, values);
                return tag != null && ifMatch.test(tag);
            };
            if (!expected.test(call.gateway().config())) {
                throw Refusals.changed();
            }
            return call.gateway().changeIf(expected, () -> action.handler().handle(call));
        }
    }

    /** Returns whether a path is that of a document below the root that everybody may read. */
    public static boolean isDocument(RequestPath path, String name) {
        return path.segments().equals(List.of("api", "v1", name));
    }

    /**
     * Returns the row of a request.
     *
     * @throws RefusedException if there is none, or what stands behind the question mark does not belong there
     */
    public static Match find(String method, RequestPath path) {
        TreeSet<String> methods = new TreeSet<>();
        for (Action action : ALL) {
            Map<String, String> values = values(action, path.segments());
            if (values != null) {
                if (action.method().equals(method)) {
                    return new Match(action, values, flags(path.query(), action.query()));
                }
                methods.add(action.method());
            }
        }
        if (methods.isEmpty()) {
            throw new RefusedException(
                    404, "there is nothing at this path: " + ROOT + "/openapi.json lists what there is");
        }
        String allowed = String.join(", ", methods);
        throw new RefusedException(405, "this path takes " + allowed).with("Allow", allowed);
    }

    /** Returns the values of a path; null if it is not that of the row. */
    private static Map<String, String> values(Action action, List<String> path) {
        List<String> row = action.segments();
        int root = ROOT_SEGMENTS.size();
        if (path.size() != root + row.size() || !path.subList(0, root).equals(ROOT_SEGMENTS)) {
            return null;
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            String segment = path.get(root + i);
            String name = Action.parameter(row.get(i));
            if (name != null) {
                values.put(name, segment);
            } else if (!row.get(i).equals(segment)) {
                return null;
            }
        }
        return values;
    }

    private static Fields flags(Map<String, String> query, Shape shape) {
        Map<String, Object> flags = new LinkedHashMap<>();
        query.forEach((name, text) -> flags.put(
                name,
                switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> text;
                }));
        return Fields.of(flags, shape);
    }
}
