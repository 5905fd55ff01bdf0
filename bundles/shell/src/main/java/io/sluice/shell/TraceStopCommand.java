package io.sluice.shell;

import io.sluice.config.ConfigException;
import picocli.CommandLine.Command;

/** {@code trace:stop}. */
@Command(name = "trace:stop", description = "Ends the trace; what it has is kept for an hour", footer = "trace:stop")
final class TraceStopCommand extends GatewayCommand {

    @Override
    void run() throws ConfigException {
        gateway().trace().stop();
        print("The trace has ended: trace:show and trace:export have what it has seen.");
    }
}
