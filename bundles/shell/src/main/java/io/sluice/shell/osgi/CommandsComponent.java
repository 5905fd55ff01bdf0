package io.sluice.shell.osgi;

import io.sluice.management.Gateway;
import io.sluice.management.TokenManagement;
import io.sluice.shell.Commands;
import java.util.List;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Gives the commands to Karaf's console while there is a gateway. */
@Component(
        service = {},
        immediate = true)
public final class CommandsComponent {

    private final SessionFactory sessions;
    private final List<Command> commands;
    private volatile TokenManagement tokens;

    /** Registers all commands. */
    @Activate
    public CommandsComponent(@Reference SessionFactory sessions, @Reference Gateway gateway) {
        this.sessions = sessions;
        this.commands = Commands.of(gateway, () -> tokens);
        commands.forEach(sessions.getRegistry()::register);
    }

    /** The REST interface is a feature of its own, and its commands say how to get it. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setTokens(TokenManagement present) {
        tokens = present;
    }

    void unsetTokens(TokenManagement gone) {
        if (tokens == gone) {
            tokens = null;
        }
    }

    /** Takes them back. */
    @Deactivate
    public void deactivate() {
        commands.forEach(sessions.getRegistry()::unregister);
    }
}
