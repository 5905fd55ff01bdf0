package io.sluice.metrics;

import static io.sluice.metrics.Metric.Kind.COUNTER;
import static io.sluice.metrics.Metric.Kind.GAUGE;
import static io.sluice.metrics.Metric.Kind.HISTOGRAM;

import java.util.List;

/** All families of numbers: one row each. Names are those of Prometheus: a prefix, base units, {@code _total} for what only grows. */
public enum Metric {
    GATEWAY_INFO(GAUGE, "sluice_gateway_info", "Always 1; says which version runs.", "version"),
    GATEWAY_UPTIME(GAUGE, "sluice_gateway_uptime_seconds", "Time since the gateway was started."),
    GATEWAY_PROBLEMS(GAUGE, "sluice_gateway_problems", "Problems that gateway:status tells of."),
    TARGETS(GAUGE, "sluice_targets", "Targets that are configured."),

    LUN_OPERATION_DURATION(
            HISTOGRAM,
            "sluice_lun_operation_duration_seconds",
            "Time from when a SCSI command had come until its status was handed to the connection.",
            "target",
            "lun",
            "backstore",
            "operation"),
    LUN_BYTES(
            COUNTER,
            "sluice_lun_bytes_total",
            "Data that SCSI commands have moved.",
            "target",
            "lun",
            "backstore",
            "operation"),
    LUN_QUEUE_DEPTH(
            GAUGE,
            "sluice_lun_queue_depth",
            "SCSI commands that have come and have not been answered.",
            "target",
            "lun",
            "backstore"),
    LUN_ERRORS(
            COUNTER,
            "sluice_lun_errors_total",
            "SCSI commands that ended with CHECK CONDITION.",
            "target",
            "lun",
            "backstore",
            "sense_key"),
    LUN_STATUSES(
            COUNTER,
            "sluice_lun_statuses_total",
            "SCSI commands that ended with another status than GOOD and CHECK CONDITION, or were aborted without one.",
            "target",
            "lun",
            "backstore",
            "status"),
    INITIATOR_OPERATIONS(
            COUNTER,
            "sluice_initiator_operations_total",
            "SCSI commands that were answered.",
            "initiator",
            "target",
            "operation"),
    INITIATOR_BYTES(
            COUNTER,
            "sluice_initiator_bytes_total",
            "Data that SCSI commands have moved.",
            "initiator",
            "target",
            "operation"),

    BACKSTORE_STATE(
            GAUGE, "sluice_backstore_state", "1 for the state that the backstore is in, else 0.", "backstore", "state"),
    BACKSTORE_SIZE(GAUGE, "sluice_backstore_size_bytes", "Size that initiators see.", "backstore"),
    BACKSTORE_USED(
            GAUGE,
            "sluice_backstore_used_bytes",
            "Space that it takes where it is kept, as far as that is known.",
            "backstore"),
    BACKSTORE_FREE(
            GAUGE,
            "sluice_backstore_free_bytes",
            "Space that is free where it is kept, for it and everybody else, as far as that is known.",
            "backstore"),
    BACKSTORE_RUNNING(
            GAUGE, "sluice_backstore_running_operations", "Operations that the storage works on.", "backstore"),
    BACKSTORE_HELD(
            GAUGE, "sluice_backstore_held_operations", "Operations that wait for storage to be there.", "backstore"),
    BACKSTORE_OVERDUE(
            GAUGE,
            "sluice_backstore_overdue_operations",
            "Operations that were given up and that the storage has not answered yet.",
            "backstore"),
    BACKSTORE_FAILURES(
            COUNTER, "sluice_backstore_failures_total", "Operations that the storage has failed.", "backstore"),
    BACKSTORE_HOLD(
            COUNTER,
            "sluice_backstore_hold_seconds_total",
            "Time in which operations waited for storage to be there.",
            "backstore"),
    BACKSTORE_FENCED(
            COUNTER,
            "sluice_backstore_fenced_seconds_total",
            "Time in which the storage owed the answer to a change that was overdue, so that it took no other.",
            "backstore"),
    MOVE_PROGRESS(
            GAUGE,
            "sluice_move_progress_ratio",
            "How far the present pass of a move is, from 0 to 1; only while it goes on.",
            "backstore",
            "state"),
    MOVE_REMAINING(
            GAUGE, "sluice_move_remaining_bytes", "What a move has still to copy; only while it goes on.", "backstore"),

    SESSIONS(GAUGE, "sluice_sessions", "Sessions, those for discovery too."),
    TARGET_SESSIONS(GAUGE, "sluice_target_sessions", "Sessions of a target.", "target"),
    SESSIONS_ENDED(COUNTER, "sluice_sessions_ended_total", "Sessions that have ended.", "reason"),
    LOGINS(COUNTER, "sluice_logins_total", "Logins that succeeded, or what they were refused with.", "result"),
    CONNECTIONS(GAUGE, "sluice_connections", "Connections that are open."),
    CONNECTIONS_WITHOUT_LOGIN(
            GAUGE, "sluice_connections_without_login", "Connections that are open and have not logged in."),
    PDUS_REJECTED(COUNTER, "sluice_pdus_rejected_total", "PDUs of initiators that were rejected.", "reason"),
    DATA_MEMORY(GAUGE, "sluice_data_memory_bytes", "Memory for data of initiators that is in use."),
    DATA_MEMORY_LIMIT(GAUGE, "sluice_data_memory_limit_bytes", "Memory for data of initiators that there is."),
    DATA_MEMORY_WAITERS(GAUGE, "sluice_data_memory_waiters", "Requests that wait for memory for data of initiators."),
    EVENT_LOOP_LAG(
            GAUGE,
            "sluice_event_loop_lag_seconds",
            "Longest time that an event loop has taken to come round in the last ten to twenty seconds.",
            "loop"),
    EVENT_LOOP_STALLS(
            COUNTER, "sluice_event_loop_stalls_total", "How often an event loop took more than 500 ms to come round.");

    private static final String TOTAL = "_total";

    private final Kind kind;
    private final String exposedName;
    private final String help;
    private final List<String> labels;

    /** How a number changes. */
    public enum Kind {
        /** Grows, and begins anew when what it is of does. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts in buckets. */
        HISTOGRAM
    }

    Metric(Kind kind, String exposedName, String help, String... labels) {
        this.kind = kind;
        this.exposedName = exposedName;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** Returns how it changes. */
    public Kind kind() {
        return kind;
    }

    /** Returns the name that one asks for, such as {@code sluice_lun_bytes_total}. */
    public String exposedName() {
        return exposedName;
    }

    /** Returns the name of the family, which is that of a counter without its {@code _total}. */
    public String familyName() {
        return kind == COUNTER ? exposedName.substring(0, exposedName.length() - TOTAL.length()) : exposedName;
    }

    /** Returns what it is, a sentence. */
    public String help() {
        return help;
    }

    /** Returns the names of its labels. */
    public List<String> labels() {
        return labels;
    }
}
