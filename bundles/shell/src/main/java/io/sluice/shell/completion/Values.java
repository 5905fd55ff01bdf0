package io.sluice.shell.completion;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.AccessState;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.Gateway;
import io.sluice.management.LayerTypeStatus;
import io.sluice.management.TokenManagement;
import io.sluice.shell.secret.SecretInput;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.console.Candidate;
import picocli.CommandLine.Model.ArgSpec;

/** What the values of arguments and options can be, asked of the gateway and of the file system. */
final class Values {

    private static final int FREE_LUNS = 3;
    /** The setting that {@code --path} is short for. */
    private static final String PATH = "path";

    private final Gateway gateway;
    private final Supplier<TokenManagement> tokens;
    private final AccessValues access;

    Values(Gateway gateway, Supplier<TokenManagement> tokens) {
        this.gateway = gateway;
        this.tokens = tokens;
        this.access = new AccessValues(gateway);
    }

    /**
     * Returns what an argument or the value of an option can be.
     *
     * @param typed what there is of the value
     * @param before what stands before it in the same word, and belongs to each candidate
     */
    List<Candidate> of(ArgSpec argument, TypedLine line, String typed, String before) {
        return TypedLine.kind(argument)
                .map(kind -> of(kind, line, typed)
                        .map(value -> new Candidate(
                                before + value.value(),
                                value.displ(),
                                null,
                                value.descr(),
                                null,
                                null,
                                value.complete()))
                        .toList())
                .orElse(List.of());
    }

    private Stream<Candidate> of(Kind kind, TypedLine line, String typed) {
        return switch (kind) {
            case BACKSTORE ->
                gateway.backstores().stream()
                        .map(store -> candidate(
                                store.config().name(),
                                store.config().type() + ", " + store.state().label()));
            case BACKSTORE_TYPE ->
                gateway.backstoreTypes().stream().map(type -> candidate(type.type(), type.description()));
            case SETTING -> settings(storeOptions(line), typed);
            case LAYER_ACTION ->
                Stream.of(
                        candidate("add", "puts one on top"),
                        candidate("set", "changes its settings"),
                        candidate("remove", "takes it away"));
            case LAYER_TYPE ->
                gateway.layers().types().stream().map(type -> candidate(type.type(), type.description()));
            case LAYER_SETTING -> settings(layerOptions(line), typed);
            case TARGET ->
                gateway.config().targets().stream()
                        .map(target -> candidate(target.name().value(), count(target.luns())));
            case ACCESS_STATE -> Arrays.stream(AccessState.values()).map(state -> candidate(state.label(), null));
            case LUN ->
                target(line).stream()
                        .flatMap(target -> target.luns().stream())
                        .map(lun -> candidate(Integer.toString(lun.lun()), lun.backstore()));
            case FREE_LUN -> freeLuns(line);
            case PORTAL ->
                gateway.portals().stream()
                        .map(portal -> candidate(
                                portal.config().toString(), portal.listening() ? "listening" : portal.problem()));
            case NEW_PORTAL ->
                Stream.of(
                        candidate("127.0.0.1:3260", "this machine only"),
                        candidate("0.0.0.0:3260", "every IPv4 address of this machine"));
            case PORTAL_GROUP -> access.portalGroups();
            case INITIATOR -> access.initiators();
            case GROUP -> access.groups();
            case GRANTEE -> Stream.concat(access.initiators(), access.groups());
            case ALLOWED -> access.allowed(target(line));
            case HOST_NAME -> access.hostNames();
            case HOST_ADDRESS -> access.hostAddresses();
            case LUN_VIEW -> AccessValues.lunViews(target(line), typed);
            case SECRET_FILE -> Files.candidates(SecretInput.base(), typed);
            case ALGORITHMS -> AccessValues.algorithms(typed);
            case SWITCH -> Stream.of(candidate("on", null), candidate("off", null));
            case SESSION ->
                gateway.sessions().stream()
                        .map(session -> candidate(Integer.toString(session.id()), session.initiator()));
            case FILE -> Files.candidates(volumes(), typed);
            case DOCUMENT_FILE -> Files.candidates(SecretInput.base(), typed);
            case DOCUMENT_FORMAT ->
                Stream.of(
                        candidate("sluice", "a document of ours"),
                        candidate("gotgt", "its config.json"),
                        candidate("targetcli", "its saveconfig.json"));
            case JOB ->
                gateway.jobs().list().stream()
                        .map(job -> candidate(
                                job.id(), job.what() + ", " + job.state().label()));
            case REVISION ->
                gateway.configuration().history().stream()
                        .map(revision -> candidate(Integer.toString(revision.number()), revision.why()));
            case SIZE -> Stream.of("1G", "10G", "100G", "1T").map(size -> candidate(size, null));
            case BLOCK_SIZE -> Stream.of("512", "4096").map(size -> candidate(size, "bytes"));
            case IOPS -> Stream.of("500", "2000", "10000").map(rate -> candidate(rate, "a second"));
            case BANDWIDTH -> Stream.of("10M", "100M", "1G").map(rate -> candidate(rate, "bytes a second"));
            case BURST -> Stream.of("100ms", "2s").map(time -> candidate(time, null));
            case TIME -> Stream.of("5ms", "1s", "10m").map(time -> candidate(time, null));
            case TOKEN -> tokens();
            case ROLE ->
                Stream.of(
                        candidate("viewer", "may look"),
                        candidate("operator", "may change service, but destroys nothing"),
                        candidate("admin", "may do everything"));
            case PERCENT -> Stream.of("80", "90").map(share -> candidate(share, "percent"));
        };
    }

    private Stream<Candidate> tokens() {
        TokenManagement present = tokens.get();
        return present == null
                ? Stream.empty()
                : present.list().stream()
                        .map(token -> candidate(token.name(), token.role().label()));
    }

    private List<BackstoreOption> storeOptions(TypedLine line) {
        return line.value(Kind.BACKSTORE_TYPE)
                .flatMap(wanted -> gateway.backstoreTypes().stream()
                        .filter(type -> type.type().equals(wanted))
                        .findFirst())
                .map(BackstoreTypeStatus::options)
                .orElse(List.of());
    }

    private List<BackstoreOption> layerOptions(TypedLine line) {
        return line.value(Kind.LAYER_TYPE)
                .flatMap(wanted -> gateway.layers().types().stream()
                        .filter(type -> type.type().equals(wanted))
                        .findFirst())
                .map(LayerTypeStatus::options)
                .orElse(List.of());
    }

    private static Stream<Candidate> settings(List<BackstoreOption> options, String typed) {
        int equals = typed.indexOf('=');
        if (equals < 0) {
            return options.stream()
                    .map(option -> new Candidate(
                            option.name() + "=", option.name() + "=", null, option.description(), null, null, false));
        }
        String key = typed.substring(0, equals);
        return options.stream()
                .filter(option -> option.name().equals(key))
                .flatMap(option -> values(option, typed.substring(equals + 1)))
                .map(file -> new Candidate(
                        key + "=" + file.value(), file.displ(), null, file.descr(), null, null, file.complete()));
    }

    private static Stream<Candidate> values(BackstoreOption option, String typed) {
        return switch (option.type()) {
            case SECRET -> Files.candidates(volumes(), typed);
            case FLAG -> Stream.of(candidate("true", null), candidate("false", null));
            case TEXT -> option.name().equals(PATH) ? Files.candidates(volumes(), typed) : Stream.empty();
        };
    }

    private Stream<Candidate> freeLuns(TypedLine line) {
        List<Integer> used = target(line)
                .map(target -> target.luns().stream().map(LunConfig::lun).toList())
                .orElse(List.of());
        return IntStream.rangeClosed(0, LunConfig.MAX_LUN)
                .filter(lun -> !used.contains(lun))
                .limit(FREE_LUNS)
                .mapToObj(lun -> candidate(Integer.toString(lun), "free"));
    }

    private Optional<TargetConfig> target(TypedLine line) {
        return line.value(Kind.TARGET).flatMap(text -> {
            try {
                return gateway.config().target(new IscsiName(text));
            } catch (IllegalArgumentException notAName) {
                return Optional.empty();
            }
        });
    }

    private static String count(List<LunConfig> luns) {
        return luns.size() == 1 ? "1 LUN" : luns.size() + " LUNs";
    }

    private static Path volumes() {
        Path standard = Path.of(System.getProperty("karaf.base", ""), "volumes");
        return Path.of(System.getProperty("sluice.volumes", standard.toString()));
    }

    static Candidate candidate(String value, String description) {
        return new Candidate(value, value, null, description, null, null, true);
    }
}
