package io.sluice.shell;

import io.sluice.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code trace:export}. */
@Command(
        name = "trace:export",
        description = "Writes the trace into a file that Wireshark opens",
        footer = "trace:export slow.pcap")
final class TraceExportCommand extends GatewayCommand {

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "Name of a new file, without a folder; it ends in .pcap")
    private String file;

    @Override
    void run() throws ConfigException {
        print(gateway().trace().export(file));
    }
}
