package io.sluice.shell.status;

import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.PortalStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the gateway says of itself to programs that have no way to ask it: lines of a word and what it stands for, which a
 * shell can read. Immutable.
 */
public final class StatusReport {

    private enum State {
        STARTING,
        SERVING,
        REFUSED
    }

    private final State state;
    private final String text;

    private StatusReport(State state, String text) {
        this.state = state;
        this.text = text;
    }

    /**
     * Asks the gateway.
     *
     * @param pid process id of this process
     * @param gateway nothing while it is not there yet
     * @param console the console as it is now
     * @param late whether there has been time enough for portals: those that are still being opened are not waited for any more
     */
    public static StatusReport of(long pid, Optional<Gateway> gateway, ConsoleStatus console, boolean late) {
        StringBuilder text = new StringBuilder();
        line(text, "pid", Long.toString(pid));
        if (gateway.isEmpty()) {
            line(text, "state", "starting");
            console(text, console);
            return new StatusReport(State.STARTING, text.toString());
        }
        List<PortalStatus> portals = gateway.get().portals();
        GatewayStatus status = gateway.get().status();
        State state = state(portals, status, console, late);
        line(text, "version", status.version());
        line(text, "state", state.name().toLowerCase(Locale.ROOT));
        for (PortalStatus portal : portals) {
            endpoint(text, "portal", portal.config().toString(), portal.listening(), portal.problem());
        }
        console(text, console);
        status.problems().forEach(problem -> line(text, "problem", problem));
        return new StatusReport(state, text.toString());
    }

    private static State state(List<PortalStatus> portals, GatewayStatus status, ConsoleStatus console, boolean late) {
        if (portals.isEmpty()) {
            return State.REFUSED;
        }
        boolean opened = status.transport().isPresent() && portals.stream().allMatch(StatusReport::settled);
        return (late || opened) && console.settled() ? State.SERVING : State.STARTING;
    }

    private static boolean settled(PortalStatus portal) {
        return portal.listening() || !portal.problem().isEmpty();
    }

    private static void console(StringBuilder text, ConsoleStatus console) {
        endpoint(text, "console", console.address(), console.listening(), console.problem());
        if (console.late()) {
            line(text, "late", "console");
        }
    }

    private static void endpoint(StringBuilder text, String kind, String address, boolean listening, String problem) {
        line(text, kind, address + (listening ? " listening" : problem.isEmpty() ? " opening" : " problem " + problem));
    }

    /** A line is a line, whatever a message of a library may hold. */
    private static void line(StringBuilder text, String word, String value) {
        text.append(word)
                .append(' ')
                .append(value.replaceAll("\\s+", " ").strip())
                .append('\n');
    }

    /** Returns whether nothing is waited for any more. */
    public boolean settled() {
        return state != State.STARTING;
    }

    /** Returns the lines. */
    public String text() {
        return text;
    }
}
