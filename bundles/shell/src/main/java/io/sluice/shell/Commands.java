package io.sluice.shell;

import io.sluice.management.Gateway;
import io.sluice.management.TokenManagement;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Command;

/** All commands. */
public final class Commands {

    private static final List<Supplier<GatewayCommand>> ALL = List.of(
            BackstoreCreateCommand::new,
            BackstoreDeleteCommand::new,
            BackstoreInfoCommand::new,
            BackstoreLayerCommand::new,
            BackstoreLayersCommand::new,
            BackstoreListCommand::new,
            BackstoreMoveCommand::new,
            BackstoreMoveCancelCommand::new,
            BackstoreMoveRateCommand::new,
            BackstoreMovesCommand::new,
            BackstoreReopenCommand::new,
            BackstoreTakeoverCommand::new,
            BackstoreResizeCommand::new,
            BackstoreTypesCommand::new,
            GatewayApplyCommand::new,
            GatewayDoctorCommand::new,
            GatewayExportCommand::new,
            GatewayHistoryCommand::new,
            GatewayImportCommand::new,
            GatewayJobsCommand::new,
            GatewayJobCancelCommand::new,
            GatewayPlanCommand::new,
            GatewayRollbackCommand::new,
            GatewaySecurityCommand::new,
            GatewayStatsCommand::new,
            GatewaySetupCommand::new,
            GatewayStatusCommand::new,
            InitiatorCreateCommand::new,
            InitiatorDeleteCommand::new,
            InitiatorGroupCommand::new,
            InitiatorInfoCommand::new,
            InitiatorListCommand::new,
            InitiatorSetCommand::new,
            LunListCommand::new,
            LunMapCommand::new,
            LunReplaceCommand::new,
            LunUnmapCommand::new,
            PortalCreateCommand::new,
            PortalDeleteCommand::new,
            PortalListCommand::new,
            PortalSetCommand::new,
            SessionCloseCommand::new,
            SessionInfoCommand::new,
            SessionListCommand::new,
            SupportBundleCommand::new,
            TargetAccessCommand::new,
            TargetAllowCommand::new,
            TargetCreateCommand::new,
            TargetDeleteCommand::new,
            TargetDenyCommand::new,
            TargetDisableCommand::new,
            TargetEnableCommand::new,
            TargetInfoCommand::new,
            TargetListCommand::new,
            TargetPortalsCommand::new,
            TargetRedirectCommand::new,
            TokenCreateCommand::new,
            TokenListCommand::new,
            TokenRevokeCommand::new,
            TraceExportCommand::new,
            TraceShowCommand::new,
            TraceStartCommand::new,
            TraceStatusCommand::new,
            TraceStopCommand::new);

    private Commands() {}

    /**
     * Returns the commands of a gateway, ready to be registered with the console.
     *
     * @param tokens returns the tokens of the REST interface; null as long as there is none
     */
    public static List<Command> of(Gateway gateway, Supplier<TokenManagement> tokens) {
        return consoleCommands(gateway, tokens).map(Command.class::cast).toList();
    }

    static Stream<ConsoleCommand> consoleCommands(Gateway gateway, Supplier<TokenManagement> tokens) {
        return ALL.stream().map(line -> new ConsoleCommand(line, gateway, tokens));
    }
}
