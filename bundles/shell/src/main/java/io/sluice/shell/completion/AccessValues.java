package io.sluice.shell.completion;

import io.sluice.config.ChapAlgorithm;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Gateway;
import io.sluice.management.SessionStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Candidate;

/** What arguments and options can be that say who may use what. */
final class AccessValues {

    private final Gateway gateway;

    AccessValues(Gateway gateway) {
        this.gateway = gateway;
    }

    Stream<Candidate> initiators() {
        return gateway.config().initiators().stream()
                .map(initiator -> Values.candidate(initiator.name(), who(initiator)));
    }

    Stream<Candidate> groups() {
        return gateway.config().groups().stream().map(group -> Values.candidate(group.name(), members(group)));
    }

    Stream<Candidate> allowed(Optional<TargetConfig> target) {
        List<String> names = target.stream()
                .flatMap(config -> config.grants().stream())
                .map(GrantConfig::initiator)
                .toList();
        return Stream.concat(initiators(), groups()).filter(candidate -> names.contains(candidate.value()));
    }

    /** Hosts that are logged in are those that somebody is about to name, as a rule. */
    Stream<Candidate> hostNames() {
        return gateway.sessions().stream()
                .map(SessionStatus::initiator)
                .distinct()
                .map(name -> Values.candidate(name, "is logged in"));
    }

    Stream<Candidate> hostAddresses() {
        return gateway.sessions().stream()
                .map(session -> withoutPort(session.remote()))
                .distinct()
                .map(address -> Values.candidate(address, "is logged in"));
    }

    private static String withoutPort(String remote) {
        return remote.substring(0, remote.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
    }

    Stream<Candidate> portalGroups() {
        TreeSet<Integer> groups = new TreeSet<>();
        gateway.portals().forEach(portal -> groups.add(portal.config().group()));
        return groups.stream().map(group -> Values.candidate(Integer.toString(group), portals(group)));
    }

    private String portals(int group) {
        return String.join(
                ", ",
                gateway.portals().stream()
                        .filter(portal -> portal.config().group() == group)
                        .map(portal -> portal.config().address())
                        .toList());
    }

    /** Returns LUNs of a target, as they are or, behind an equals sign, under the number that is typed. */
    static Stream<Candidate> lunViews(Optional<TargetConfig> target, String typed) {
        String before = typed.substring(0, typed.indexOf('=') + 1);
        return target.stream()
                .flatMap(config -> config.luns().stream())
                .map((LunConfig lun) -> Values.candidate(before + lun.lun(), lun.backstore()));
    }

    /** Returns the algorithms that the list does not have yet; a comma may follow, so no blank does. */
    static Stream<Candidate> algorithms(String typed) {
        String before = typed.substring(0, typed.lastIndexOf(',') + 1);
        List<String> named = Arrays.asList(before.split(","));
        return ChapAlgorithm.all().stream()
                .map(ChapAlgorithm::label)
                .filter(label -> !named.contains(label))
                .map(label -> new Candidate(before + label, label, null, null, null, null, false));
    }

    private static String who(InitiatorConfig initiator) {
        return initiator.names().isEmpty() ? "any host" : String.join(", ", initiator.names());
    }

    private static String members(InitiatorGroupConfig group) {
        return "group of " + String.join(", ", group.members());
    }
}
