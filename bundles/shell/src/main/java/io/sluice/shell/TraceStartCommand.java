package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.TraceRequest;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code trace:start}. */
@Command(
        name = "trace:start",
        description = "Begins to write down what initiators send and are sent",
        footer = "trace:start --slower-than 5ms --for 1h")
final class TraceStartCommand extends GatewayCommand {

    @Option(
            names = "--initiator",
            paramLabel = "NAME",
            description = "Only this one: its iSCSI name, or its name in the configuration")
    @Completes(Kind.INITIATOR)
    private String initiator = "";

    @Option(names = "--target", paramLabel = "IQN", description = "Only sessions with this target")
    @Completes(Kind.TARGET)
    private String target = "";

    @Option(names = "--lun", paramLabel = "LUN", description = "Only commands for this LUN")
    @Completes(Kind.LUN)
    private int lun = TraceRequest.ANY_LUN;

    @Option(
            names = "--slower-than",
            paramLabel = "TIME",
            description = "Lines only for commands that take as long, such as 5ms")
    @Completes(Kind.TIME)
    private String slowerThan = "0ms";

    @Option(
            names = "--data",
            paramLabel = "BYTES",
            description = "How much of the data of each PDU is kept for an export; none if left out")
    private int data;

    @Option(names = "--for", paramLabel = "TIME", description = "When it ends by itself; 10m if left out")
    @Completes(Kind.TIME)
    private String duration = "10m";

    @Option(names = "--memory", paramLabel = "SIZE", description = "What it may keep; 64M if left out")
    @Completes(Kind.SIZE)
    private String memory = "64M";

    @Override
    void run() throws ConfigException {
        gateway()
                .trace()
                .start(TraceRequest.ALL
                        .withInitiator(initiator)
                        .withTarget(target)
                        .withLun(lun)
                        .withSlowerThan(Time.parse(slowerThan))
                        .withDataBytes(data)
                        .withDuration(Time.parse(duration))
                        .withMemoryBytes(ByteSize.parse(memory)));
        print("The trace runs: trace:show --follow shows it, trace:stop ends it.");
    }
}
