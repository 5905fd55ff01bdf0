package io.sluice.shell;

import io.sluice.config.ConfigException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code gateway:apply}. */
@Command(name = "gateway:apply", description = "Takes over etc/gateway.json as it was edited", footer = "gateway:apply")
final class GatewayApplyCommand extends GatewayCommand {

    @Override
    void run() throws ConfigException {
        List<String> changes = gateway().applyConfiguration();
        if (changes.isEmpty()) {
            print("Nothing has changed.");
        } else {
            changes.forEach(this::print);
        }
    }
}
