package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backstore:move-rate}. */
@Command(
        name = "backstore:move-rate",
        description = "Changes how fast a backstore is moved",
        footer = "backstore:move-rate disk0 20M")
final class BackstoreMoveRateCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the backstore")
    @Completes(Kind.BACKSTORE)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "SIZE",
            description = "How much in a second at most, such as 20M; 0 for no limit")
    @Completes(Kind.SIZE)
    private String rate;

    @Override
    void run() throws ConfigException {
        gateway().setMoveRate(name, rate.equals("0") ? 0 : ByteSize.parse(rate));
        print("Backstore " + name + " is copied "
                + (rate.equals("0") ? "as fast as it goes." : "at " + rate + " a second."));
    }
}
