package io.sluice.shell.osgi;

import io.sluice.shell.ssh.PatientCommand;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what Karaf's SSH server does not have settings for. It must not be a way to elsewhere: whoever may only look would get
 * to every portal through it. And a command must come to its end before the connection does. Karaf makes its server known before
 * it starts it, and this bundle is started before Karaf's, so nobody can be faster. When this goes, commands are the server's own
 * again; that it forwards nothing stays so until it is made anew.
 */
@Component(
        service = {},
        immediate = true)
public final class SshServerComponent {

    private static final Logger LOG = LoggerFactory.getLogger(SshServerComponent.class);

    private final Map<SshServer, CommandFactory> before = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addServer(SshServer server) {
        boolean early = !server.isStarted();
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        if (!early) {
            LOG.warn(
                    "the console has let connections be forwarded until now: close its sessions if you do not know them");
        }
        CommandFactory commands = server.getCommandFactory();
        before.put(server, commands);
        server.setCommandFactory((channel, line) -> new PatientCommand(commands.createCommand(channel, line)));
    }

    /** Nothing of this bundle stays in a server that outlives it. */
    void removeServer(SshServer server) {
        server.setCommandFactory(before.remove(server));
    }
}
