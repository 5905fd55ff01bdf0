package io.sluice.shell;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.ConfigException;
import io.sluice.management.AccessManagement;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.ImportReport;
import io.sluice.management.JobManagement;
import io.sluice.management.JobStatus;
import io.sluice.management.LayerManagement;
import io.sluice.management.LayerTypeStatus;
import io.sluice.management.Revision;
import io.sluice.management.Role;
import io.sluice.management.TokenManagement;
import io.sluice.management.TokenStatus;
import io.sluice.management.TraceLines;
import io.sluice.management.TraceManagement;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The parts of a {@link FakeGateway}, which writes down what they are asked for. */
final class FakeParts {

    private final FakeGateway gateway;

    FakeParts(FakeGateway gateway) {
        this.gateway = gateway;
    }

    /** Returns tokens, with one for each role but that of administrators. */
    TokenManagement tokens() {
        return (TokenManagement) Proxy.newProxyInstance(
                TokenManagement.class.getClassLoader(),
                new Class<?>[] {TokenManagement.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("list")) {
                        return List.of(
                                new TokenStatus("backup", Role.OPERATOR, Instant.EPOCH),
                                new TokenStatus("monitor", Role.VIEWER, Instant.EPOCH));
                    }
                    if (gateway.refusal != null) {
                        throw gateway.refusal;
                    }
                    gateway.calls.add(gateway.call(method.getName() + "Token", arguments));
                    return method.getName().equals("create") ? "sluice_abc" : null;
                });
    }

    LayerManagement layers() {
        return (LayerManagement) Proxy.newProxyInstance(
                LayerManagement.class.getClassLoader(),
                new Class<?>[] {LayerManagement.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("types")) {
                        return List.of(new LayerTypeStatus(
                                "limit",
                                "limits",
                                List.of(
                                        new BackstoreOption("iops", false, "operations a second"),
                                        new BackstoreOption("key", BackstoreOption.Type.SECRET, false, "the key")),
                                true));
                    }
                    if (gateway.refusal != null) {
                        throw gateway.refusal;
                    }
                    gateway.calls.add(gateway.call(method.getName() + "Layer", arguments));
                    return null;
                });
    }

    JobManagement jobs() {
        return (JobManagement) Proxy.newProxyInstance(
                JobManagement.class.getClassLoader(),
                new Class<?>[] {JobManagement.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("list")) {
                        return List.of(
                                job("7e3f-1", JobStatus.State.FAILED, Optional.of(Instant.EPOCH)),
                                job("7e3f-2", JobStatus.State.RUNNING, Optional.empty()));
                    }
                    if (gateway.refusal != null && !goesOn()) {
                        throw gateway.refusal;
                    }
                    gateway.calls.add(gateway.call(method.getName() + "Job", arguments));
                    return null;
                });
    }

    /** What goes on can be cancelled. */
    private boolean goesOn() {
        return gateway.refusal instanceof ConfigException told && told.kind() == ConfigException.Kind.GOES_ON;
    }

    private static JobStatus job(String id, JobStatus.State state, Optional<Instant> ended) {
        return new JobStatus(
                id,
                "moving backstore disk0",
                "alice@127.0.0.1",
                Instant.EPOCH,
                ended,
                state,
                ended.isPresent() ? OptionalDouble.empty() : OptionalDouble.of(0.5),
                ended.isEmpty(),
                "",
                ended.isPresent() ? "there is no room" : "");
    }

    ConfigurationManagement configuration() {
        return (ConfigurationManagement) Proxy.newProxyInstance(
                ConfigurationManagement.class.getClassLoader(),
                new Class<?>[] {ConfigurationManagement.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("history")) {
                        return List.of(new Revision(
                                1234, Instant.EPOCH, "alice@127.0.0.1", "more room", List.of("one", "two")));
                    }
                    if (gateway.refusal != null) {
                        throw gateway.refusal;
                    }
                    gateway.calls.add(gateway.call(method.getName(), arguments));
                    return switch (method.getName()) {
                        case "export", "revision" -> "{\n}\n";
                        case "planImport", "importForeign" -> new ImportReport(gateway.differences, List.of("tape"));
                        default -> gateway.differences;
                    };
                });
    }

    TraceManagement trace() {
        return (TraceManagement) Proxy.newProxyInstance(
                TraceManagement.class.getClassLoader(),
                new Class<?>[] {TraceManagement.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("status")) {
                        return new TraceStatus(
                                false,
                                TraceRequest.ALL
                                        .withInitiator("web1")
                                        .withTarget(OneOfEverything.TARGET)
                                        .withLun(5),
                                Instant.EPOCH,
                                Instant.EPOCH.plusSeconds(600),
                                8,
                                8,
                                9,
                                9,
                                4096);
                    }
                    if (method.getName().equals("lines")) {
                        boolean over = (long) arguments[0] > 7;
                        return new TraceLines(
                                over ? List.of() : List.of(OneOfEverything.TRACED), 8, over ? 0 : 2, false);
                    }
                    if (gateway.refusal != null) {
                        throw gateway.refusal;
                    }
                    gateway.calls.add(gateway.call(method.getName() + "Trace", arguments));
                    return method.getName().equals("export") ? "/state/traces/" + arguments[0] : null;
                });
    }

    AccessManagement access() {
        return (AccessManagement) Proxy.newProxyInstance(
                AccessManagement.class.getClassLoader(),
                new Class<?>[] {AccessManagement.class},
                (proxy, method, arguments) -> {
                    if (gateway.refuses(method)) {
                        throw gateway.refusal;
                    }
                    gateway.calls.add(gateway.call(method.getName(), arguments));
                    return null;
                });
    }
}
