package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.Gateway;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.support.CommandException;

/** What all commands share: the gateway, and failures as one line. A command holds no rules of its own. */
abstract class GatewayCommand implements Action {

    @Reference
    private Gateway gateway;

    /** Does the work; what it throws for the user becomes the one line. */
    abstract void run() throws ConfigException;

    @Override
    public final Object execute() throws CommandException {
        try {
            run();
            return null;
        } catch (ConfigException | IllegalArgumentException refused) {
            throw new CommandException(refused.getMessage(), refused);
        }
    }

    final Gateway gateway() {
        return gateway;
    }

    /** Gives the gateway to a command that no container has made. */
    final void use(Gateway newGateway) {
        gateway = newGateway;
    }

    static IscsiName target(String name) {
        return new IscsiName(name);
    }
}
