package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.flag;
import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.options;
import static io.sluice.rest.shape.Field.text;

import io.sluice.management.Advice;
import io.sluice.management.TraceLine;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.rest.shape.Shape;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Traces as they are answered; docs/json.md says what the keys mean. */
final class TraceViews {

    static final Shape STATUS = Shape.of(
            "Trace",
            flag("running"),
            text("initiator").orNull(),
            text("target").orNull(),
            number("lun").orNull(),
            number("slowerThanMillis").orNull(),
            number("keptDataBytes").orNull(),
            text("since").orNull(),
            text("until").orNull(),
            number("lines"),
            number("linesKept"),
            number("pdus"),
            number("pdusKept"),
            number("memoryBytes"));

    static final Shape LINE = Shape.of(
            "TraceLine",
            number("number"),
            text("at"),
            number("session"),
            text("initiator"),
            text("target").orNull(),
            number("lun").orNull(),
            text("what"),
            text("result").orNull(),
            number("waitMicros"),
            number("storeMicros"),
            number("answerMicros"));

    static final Shape ADVICE = Shape.of(
            "Advice",
            number("session"),
            text("initiator"),
            text("target"),
            text("rule"),
            text("finding"),
            options("remedies"));

    private TraceViews() {}

    static Map<String, Object> status(TraceStatus status) {
        TraceRequest of = status.request() == null ? TraceRequest.ALL : status.request();
        boolean none = status.request() == null;
        return new Entry()
                .put("running", status.running())
                .orNull("initiator", of.initiator())
                .orNull("target", of.target())
                .put("lun", of.lun() == TraceRequest.ANY_LUN ? null : of.lun())
                .put("slowerThanMillis", none ? null : of.slowerThan().toMillis())
                .put("keptDataBytes", none ? null : of.dataBytes())
                .put("since", none ? null : status.since().toString())
                .put("until", none ? null : status.until().toString())
                .put("lines", status.lines())
                .put("linesKept", status.linesKept())
                .put("pdus", status.pdus())
                .put("pdusKept", status.pdusKept())
                .put("memoryBytes", status.bytes())
                .map();
    }

    static Map<String, Object> line(TraceLine line) {
        return new Entry()
                .put("number", line.number())
                .put("at", line.at().toString())
                .put("session", line.session())
                .put("initiator", line.initiator())
                .orNull("target", line.target())
                .put("lun", line.lun() < 0 ? null : line.lun())
                .put("what", line.what())
                .orNull("result", line.result())
                .put("waitMicros", TimeUnit.NANOSECONDS.toMicros(line.waitNanos()))
                .put("storeMicros", TimeUnit.NANOSECONDS.toMicros(line.storeNanos()))
                .put("answerMicros", TimeUnit.NANOSECONDS.toMicros(line.answerNanos()))
                .map();
    }

    static Map<String, Object> advice(Advice advice) {
        return new Entry()
                .put("session", advice.session())
                .put("initiator", advice.initiator())
                .put("target", advice.target())
                .put("rule", advice.rule())
                .put("finding", advice.finding())
                .put("remedies", advice.remedies())
                .map();
    }
}
