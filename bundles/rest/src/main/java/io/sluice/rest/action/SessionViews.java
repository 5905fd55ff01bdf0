package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.options;
import static io.sluice.rest.shape.Field.text;

import io.sluice.management.SessionStatus;
import io.sluice.rest.shape.Shape;
import java.util.Map;

/** Sessions as they are answered; docs/json.md says what the keys mean. */
final class SessionViews {

    static final Shape ROW = Shape.of(
            "SessionRow",
            number("id"),
            text("initiator"),
            text("target").orNull(),
            text("remote"),
            number("connectionCount"),
            text("admittedAs").orNull(),
            text("chapUser").orNull(),
            number("commandsPerSecond"),
            number("readBytesPerSecond"),
            number("writtenBytesPerSecond"),
            number("commands"),
            number("readBytes"),
            number("writtenBytes"));

    static final Shape INFO = Shape.of(
            "Session",
            number("id"),
            text("initiator"),
            text("isid"),
            text("target").orNull(),
            text("portal"),
            text("remote"),
            text("admittedAs").orNull(),
            text("chapUser").orNull(),
            objects("connections", Shape.of("Connection", number("cid"), text("portal"), text("remote"))),
            text("since"),
            number("commandsPerSecond"),
            number("readBytesPerSecond"),
            number("writtenBytesPerSecond"),
            number("commands"),
            number("readBytes"),
            number("writtenBytes"),
            options("parameters"));

    /** A session where something else is told of. */
    static final Shape BRIEF = Shape.of("SessionBrief", number("id"), text("initiator"), text("remote"));

    private SessionViews() {}

    static Map<String, Object> row(SessionStatus status) {
        Entry entry = new Entry()
                .put("id", status.id())
                .put("initiator", status.initiator())
                .orNull("target", status.target())
                .put("remote", status.remote())
                .put("connectionCount", status.connections().size())
                .orNull("admittedAs", status.admittedAs())
                .orNull("chapUser", status.chapUser());
        return traffic(entry, status).map();
    }

    static Map<String, Object> info(SessionStatus status) {
        Entry entry = new Entry()
                .put("id", status.id())
                .put("initiator", status.initiator())
                .put("isid", status.isid())
                .orNull("target", status.target())
                .put("portal", status.portal())
                .put("remote", status.remote())
                .orNull("admittedAs", status.admittedAs())
                .orNull("chapUser", status.chapUser())
                .put(
                        "connections",
                        status.connections().stream()
                                .map(SessionViews::connection)
                                .toList())
                .put("since", status.since().toString());
        return traffic(entry, status).put("parameters", status.parameters()).map();
    }

    private static Entry traffic(Entry entry, SessionStatus status) {
        return entry.put("commandsPerSecond", status.rates().commands())
                .put("readBytesPerSecond", status.rates().readBytes())
                .put("writtenBytesPerSecond", status.rates().writtenBytes())
                .put("commands", status.commands())
                .put("readBytes", status.readBytes())
                .put("writtenBytes", status.writtenBytes());
    }

    private static Map<String, Object> connection(SessionStatus.Connection connection) {
        return new Entry()
                .put("cid", connection.cid())
                .put("portal", connection.portal())
                .put("remote", connection.remote())
                .map();
    }

    static Entry brief(SessionStatus session) {
        return new Entry()
                .put("id", session.id())
                .put("initiator", session.initiator())
                .put("remote", session.remote());
    }
}
