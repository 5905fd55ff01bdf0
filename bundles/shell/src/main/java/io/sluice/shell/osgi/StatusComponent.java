package io.sluice.shell.osgi;

import io.sluice.management.Gateway;
import io.sluice.shell.credential.HostKey;
import io.sluice.shell.credential.KnownHosts;
import io.sluice.shell.status.ConsoleStatus;
import io.sluice.shell.status.ConsoleWatch;
import io.sluice.shell.status.StatusFile;
import io.sluice.shell.status.StatusReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.apache.sshd.server.SshServer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code data/gateway.status} true, from which the script {@code sluice} knows what the gateway serves. It has a thread of
 * its own, which asks the services that are there; nobody waits for it.
 */
@Component(
        service = {},
        immediate = true)
public final class StatusComponent {

    private static final Logger LOG = LoggerFactory.getLogger(StatusComponent.class);

    /** As long as somebody may wait for the start. */
    private static final Duration BRISK = Duration.ofMillis(50);

    private static final Duration CALM = Duration.ofSeconds(1);

    /** A gateway of thousands of disks takes a while to ask, and has better things to do. */
    private static final int LARGEST_SHARE = 50;

    private static final Duration RARELY = Duration.ofMinutes(1);

    /** A machine that is overloaded takes its time. */
    private static final Duration STARTING = Duration.ofMinutes(2);

    private static final Duration STOPPING = Duration.ofSeconds(5);
    private static final int CONSOLE_PORT = 8101;

    private final long pid = ProcessHandle.current().pid();
    private final long begun = System.nanoTime();
    private final Path data = Path.of(System.getProperty("karaf.data", "data"));
    private final StatusFile file = new StatusFile(data.resolve("gateway.status"));
    private final Thread thread = new Thread(this::run, "sluice-status");
    private volatile boolean stopped;
    private volatile Gateway gateway;
    private volatile SessionFactory shell;
    private volatile SshServer server;
    private ConsoleWatch console;
    private SshServer watched;
    private String hostKeyProblem = "";
    private String complaint = "";

    /** Begins to write. */
    @Activate
    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setGateway(Gateway present) {
        gateway = present;
    }

    void unsetGateway(Gateway gone) {
        if (gateway == gone) {
            gateway = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setShell(SessionFactory present) {
        shell = present;
    }

    void unsetShell(SessionFactory gone) {
        if (shell == gone) {
            shell = null;
        }
    }

    /** One that is configured anew is a new one; Karaf does not take back the old one. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addServer(SshServer present) {
        server = present;
    }

    void removeServer(SshServer gone) {
        if (server == gone) {
            server = null;
        }
    }

    private void run() {
        boolean settled = false;
        long last = 0;
        while (!stopped) {
            long before = System.nanoTime();
            try {
                settled = write();
            } catch (IOException | RuntimeException failed) {
                complain(failed);
            }
            long took = System.nanoTime() - before;
            // One look that took long, as the first one does that makes the keys of the console, says nothing of the
            // next one.
            pause(settled ? calm(Math.min(took, last)) : BRISK.toNanos());
            last = took;
        }
    }

    private static long calm(long took) {
        return Math.min(RARELY.toNanos(), Math.max(CALM.toNanos(), took * LARGEST_SHARE));
    }

    /** Once for each reason: it may not go away for days. */
    private void complain(Exception failed) {
        if (!complaint.equals(failed.toString())) {
            complaint = failed.toString();
            LOG.error("data/gateway.status cannot be written, so 'sluice status' does not know: {}", complaint, failed);
        }
    }

    private boolean write() throws IOException {
        boolean late = System.nanoTime() - begun > STARTING.toNanos();
        StatusReport report = StatusReport.of(pid, Optional.ofNullable(gateway), console(), late);
        file.write(report.text());
        return report.settled();
    }

    private ConsoleStatus console() {
        SshServer present = server;
        if (console == null || watched != present) {
            watched = present;
            hostKeyProblem = present == null ? "" : writeKnownHosts(present);
            console = present == null
                    ? new ConsoleWatch("127.0.0.1", Integer.getInteger("sluice.ssh.port", CONSOLE_PORT), parts(null))
                    : new ConsoleWatch(present.getHost(), present.getPort(), parts(present));
        }
        ConsoleStatus status = console.status();
        return hostKeyProblem.isEmpty() ? status : new ConsoleStatus(status.address(), false, hostKeyProblem);
    }

    /** Without it the client would have to believe whoever answers. Returns why it cannot be done. */
    private String writeKnownHosts(SshServer present) {
        try {
            KnownHosts.write(data.resolve("console.known_hosts"), present.getKeyPairProvider());
            HostKey.settle(Path.of(System.getProperty("karaf.etc", "etc")));
            return "";
        } catch (IOException failed) {
            LOG.error("nobody can log in: {}", failed.getMessage(), failed);
            return "the console cannot be used: " + failed.getMessage();
        }
    }

    private ConsoleWatch.Parts parts(SshServer present) {
        return new ConsoleWatch.Parts() {
            @Override
            public boolean present() {
                return present != null;
            }

            @Override
            public boolean listening() {
                return present() && present.isStarted() && !present.isClosed();
            }

            @Override
            public boolean hasCommands() {
                SessionFactory there = shell;
                return there != null && there.getRegistry().getCommand("gateway", "status") != null;
            }
        };
    }

    private void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException stop) {
            stopped = true;
        }
    }

    /** What does not run says nothing. */
    @Deactivate
    void stop() {
        stopped = true;
        thread.interrupt();
        try {
            thread.join(STOPPING.toMillis());
            file.remove();
        } catch (IOException failed) {
            LOG.warn("data/gateway.status is left behind: {}", failed.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
