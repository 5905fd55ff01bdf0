package io.sluice.iscsi.osgi;

import io.sluice.config.ServiceSettings;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.transfer.DataBudget;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What {@code etc/io.sluice.iscsi.cfg} has; see {@link ServerSettings} for what it means.
 *
 * @param settings those of the file, and the usual ones in the place of those that do not do
 * @param problems what is wrong in the file, a line each
 */
record ServerSettingsFile(ServerSettings settings, List<String> problems) {

    static final String PID = "io.sluice.iscsi";

    private static final int MANY = 1 << 20;
    private static final int MOST_THREADS = 1024;
    private static final int MOST_SECONDS = 86_400;
    private static final int MOST_COMMANDS = 65_536;

    static ServerSettingsFile of(Map<String, ?> values) {
        ServiceSettings file = new ServiceSettings(PID, values);
        ServerSettings usual = ServerSettings.DEFAULTS;
        ServerSettings settings = new ServerSettings(
                file.number("threads", 0, MOST_THREADS, usual.threads()),
                file.number("maxConnections", 1, MANY, usual.maxConnections()),
                file.number("maxSessions", 1, ServerSettings.MOST_SESSIONS, usual.maxSessions()),
                seconds(file, "loginTimeoutSeconds", usual.loginTimeout()),
                seconds(file, "pingIntervalSeconds", usual.pingInterval()),
                seconds(file, "pingTimeoutSeconds", usual.pingTimeout()),
                seconds(file, "endTimeoutSeconds", usual.endTimeout()),
                file.number("commandWindow", 1, MOST_COMMANDS, usual.commandWindow()),
                file.number(
                        "maxConnectionsPerSession",
                        1,
                        ServerSettings.MOST_CONNECTIONS,
                        usual.maxConnectionsPerSession()),
                file.flag("asyncEvents", usual.asyncEvents()),
                localSendFile(file, usual.localSendFileBytes()),
                busyPoll(file),
                (long) file.number("dataMemoryMiB", (int) (DataBudget.MINIMUM >> 20), MANY, (int)
                                (usual.dataMemoryBytes() >> 20))
                        << 20);
        return new ServerSettingsFile(settings, file.problems());
    }

    private static Duration seconds(ServiceSettings file, String name, Duration usual) {
        return Duration.ofSeconds(file.number(name, 1, MOST_SECONDS, (int) usual.toSeconds()));
    }

    private static int localSendFile(ServiceSettings file, int usualBytes) {
        int kibibytes = file.number("localSendFileKiB", 0, MANY, usualBytes >> 10);
        return kibibytes == 0 ? Integer.MAX_VALUE : kibibytes << 10;
    }

    private static Duration busyPoll(ServiceSettings file) {
        int most = (int) TimeUnit.NANOSECONDS.toMicros(ServerSettings.LONGEST_BUSY_POLL.toNanos());
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(file.number("busyPollMicros", 0, most, 0)));
    }
}
