package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.text;

import io.sluice.config.ConfigException;
import io.sluice.management.Role;
import io.sluice.management.TraceRequest;
import io.sluice.rest.shape.Fields;
import io.sluice.rest.shape.Shape;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What can be done with the trace, and what is said of sessions. Data of users is traced by who is at the console alone. */
final class TraceActions {

    private static final int MOST_LINES = 1000;

    private static final Shape NEW = Shape.of(
            "NewTrace",
            text("initiator").optional().says("Only this one, by iSCSI name or as it is named here", "web1"),
            text("target").optional().says("Only sessions with this target", "iqn.2026-11.io.sluice:disk1"),
            number("lun").optional().says("Only commands for this LUN", 5L),
            number("slowerThanMillis").optional().says("Lines only for commands that take as long", 5L),
            number("forSeconds").optional().says("When it ends by itself; 600 if left out", 60L),
            number("memoryBytes").optional().says("What it may keep; 64 MiB if left out", 16L << 20));

    private static final Shape NEW_CAPTURE =
            Shape.of("NewCapture", text("name").says("Name of the new file, which ends in .pcap", "slow.pcap"));

    private static final Shape CAPTURE = Shape.of("Capture", text("file"));

    private TraceActions() {}

    static List<Action> rows() {
        return List.of(
                Action.show("/trace", "trace:status", "Shows what is traced, and how much there is")
                        .answers(200, TraceViews.STATUS)
                        .does(
                                call -> Reply.ok(
                                        TraceViews.status(call.gateway().trace().status())),
                                "status()"),
                Action.of("POST", "/trace", Role.OPERATOR, "trace:start", "Begins a trace")
                        .takes(NEW)
                        .does(TraceActions::start, "start(TraceRequest)"),
                Action.of("DELETE", "/trace", Role.OPERATOR, "trace:stop", "Ends the trace")
                        .does(TraceActions::stop, "stop()"),
                Action.of("GET", "/trace/lines", Role.OPERATOR, "trace:show", "Lists the last lines of the trace")
                        .answersMany(TraceViews.LINE)
                        .does(TraceActions::lines, "status()", "lines(long, int)"),
                Action.of("POST", "/trace/captures", Role.OPERATOR, "trace:export", "Writes the trace into a file")
                        .takes(NEW_CAPTURE)
                        .answers(200, CAPTURE)
                        .does(
                                call -> Reply.ok(Map.of(
                                        "file",
                                        call.gateway()
                                                .trace()
                                                .export(call.body().text("name")))),
                                "export(String)"),
                Action.of("GET", "/advice", Role.OPERATOR, "gateway:doctor", "Says what hurts sessions, or will")
                        .answersMany(TraceViews.ADVICE)
                        .does(
                                call -> Reply.ok(call.gateway().advice().stream()
                                        .map(TraceViews::advice)
                                        .toList()),
                                "advice()"));
    }

    private static Reply start(Call call) throws ConfigException {
        Fields asked = call.body();
        call.gateway()
                .trace()
                .start(TraceRequest.ALL
                        .withInitiator(asked.text("initiator", ""))
                        .withTarget(asked.text("target", ""))
                        .withLun(asked.integer("lun", TraceRequest.ANY_LUN))
                        .withSlowerThan(Duration.ofMillis(asked.number("slowerThanMillis", 0)))
                        .withDuration(Duration.ofSeconds(asked.number(
                                "forSeconds", TraceRequest.ALL.duration().toSeconds())))
                        .withMemoryBytes(asked.number("memoryBytes", TraceRequest.ALL.memoryBytes())));
        return Reply.done();
    }

    private static Reply stop(Call call) throws ConfigException {
        call.gateway().trace().stop();
        return Reply.done();
    }

    private static Reply lines(Call call) {
        long from = Math.max(0, call.gateway().trace().status().lines() - MOST_LINES);
        return Reply.ok(call.gateway().trace().lines(from, MOST_LINES).lines().stream()
                .map(TraceViews::line)
                .toList());
    }
}
