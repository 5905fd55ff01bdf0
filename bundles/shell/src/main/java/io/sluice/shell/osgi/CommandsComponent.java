package io.sluice.shell.osgi;

import io.sluice.management.Gateway;
import io.sluice.shell.Commands;
import java.util.List;
import org.apache.karaf.shell.api.console.Command;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Gives the commands to Karaf's console while there is a gateway. */
@Component(
        service = {},
        immediate = true)
public final class CommandsComponent {

    private final SessionFactory sessions;
    private final List<Command> commands;

    /** Registers all commands. */
    @Activate
    public CommandsComponent(@Reference SessionFactory sessions, @Reference Gateway gateway) {
        this.sessions = sessions;
        this.commands = Commands.of(gateway);
        commands.forEach(sessions.getRegistry()::register);
    }

    /** Takes them back. */
    @Deactivate
    public void deactivate() {
        commands.forEach(sessions.getRegistry()::unregister);
    }
}
