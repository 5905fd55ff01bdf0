package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.Advice;
import io.sluice.management.SessionStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Listing;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gateway:doctor}. */
@Command(
        name = "gateway:doctor",
        description = "Says what hurts sessions, and what to change on the host",
        footer = "gateway:doctor")
final class GatewayDoctorCommand extends ListingCommand {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "SESSION",
            description = "Id of a session, or iSCSI name of an initiator; all if left out")
    @Completes(Kind.SESSION)
    private String which;

    @Override
    Listing list() throws ConfigException {
        if (which != null && gateway().sessions().stream().noneMatch(this::isMeant)) {
            throw new ConfigException("there is no session " + which + ": session:list shows those that there are");
        }
        List<Advice> found = gateway().advice().stream()
                .filter(advice -> isMeant(advice.session(), advice.initiator()))
                .toList();
        Listing listing = Listing.list("Nothing was found that hurts.");
        for (Advice advice : found) {
            listing.add()
                    .put("session", "Session", advice.session())
                    .put("initiator", "Initiator", advice.initiator())
                    .json("target", advice.target())
                    .json("rule", advice.rule())
                    .put("finding", "Finding", advice.finding())
                    .put("remedies", "What to change there", advice.remedies(), remedies(advice));
        }
        return listing;
    }

    private boolean isMeant(SessionStatus session) {
        return isMeant(session.id(), session.initiator());
    }

    private boolean isMeant(int id, String initiator) {
        return which == null || which.equals(Integer.toString(id)) || which.equalsIgnoreCase(initiator);
    }

    private static List<String> remedies(Advice advice) {
        return advice.remedies().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(remedy -> remedy.getKey() + ": " + remedy.getValue())
                .toList();
    }
}
