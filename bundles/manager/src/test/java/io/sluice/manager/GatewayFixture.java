package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.manager.document.SecretFiles;
import io.sluice.manager.volume.SharingPatience;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A gateway of little patience with fakes around it. What it logs is kept. */
final class GatewayFixture extends ExternalResource {

    static final IscsiName TARGET = new IscsiName("iqn.2026-11.io.sluice:disk");
    static final PortalConfig PORTAL = PortalConfig.parse("127.0.0.1:3260");
    static final long SIZE = 1 << 20;
    static final String NOT_INSTALLED = "the bundle for type fake is not installed or not started:"
            + " feature:install sluice-backstore-fake, bundle:start or its jar in deploy/ brings it back";

    final TemporaryFolder folder = new TemporaryFolder();
    final List<ScsiTarget> published = new CopyOnWriteArrayList<>();
    final FakeProvider provider = new FakeProvider();
    FakeTransport transport;
    GatewayManager gateway;
    Function<Path, SecretFiles> secretFiles = SecretFiles::new;
    Duration change = Duration.ofMinutes(1);
    Duration making = Duration.ofMinutes(1);
    Duration drain = Duration.ofMillis(300);
    Duration stop = Duration.ofMillis(900);
    Duration deadline = Duration.ofSeconds(30);
    int firstTargetPort = 1;
    SharingPatience sharing = SharingPatience.DEFAULTS;

    /** Completes whatever a test has left hanging. */
    final CompletableFuture<Void> end = new CompletableFuture<>();

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private PrintStream console;

    @Override
    protected void before() throws Throwable {
        folder.create();
        console = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        start();
        gateway.addProvider(provider);
        Eventually.isTrue(() -> !gateway.backstoreTypes().isEmpty());
    }

    @Override
    protected void after() {
        end.complete(null);
        gateway.close();
        System.setErr(console);
        folder.delete();
    }

    Path document() {
        return folder.getRoot().toPath().resolve("gateway.json");
    }

    Path state() {
        return folder.getRoot().toPath().resolve("state");
    }

    /** Starts a gateway over what is there on disk, with a transport and without providers. */
    void start() throws Exception {
        startWithoutPortals();
        Eventually.isEqual(List.of(PORTAL), transport::listening);
    }

    /** As {@link #start}, over a configuration that cannot be read, or has other portals. */
    void startWithoutPortals() {
        transport = new FakeTransport();
        gateway = new GatewayManager(
                new GatewaySettings(
                        document(),
                        state(),
                        PORTAL,
                        0,
                        new VolumeSettings(Duration.ofSeconds(10), 1000, deadline),
                        new Patience(
                                change,
                                making,
                                drain,
                                drain,
                                stop,
                                Duration.ofMillis(20),
                                Duration.ofMillis(100),
                                sharing),
                        List.of(),
                        firstTargetPort),
                target -> {
                    published.add(target);
                    return () -> {
                        transport.account.add("withdraw " + target.name());
                        published.remove(target);
                    };
                },
                "1.0",
                secretFiles.apply(document().resolveSibling("secrets")));
        gateway.setTransport(transport);
    }

    void restart() throws Exception {
        gateway.close();
        start();
    }

    static BackstoreRequest request(String name) {
        return request(name, Map.of("place", "here"), false);
    }

    static BackstoreRequest request(String name, Map<String, String> options, boolean thin) {
        return new BackstoreRequest(name, "fake", SIZE, 512, 0, thin, false, false, thin, thin ? 80 : 0, options);
    }

    void create(String name) throws ConfigException {
        gateway.createBackstore(request(name));
    }

    BackstoreStatus status(String name) {
        return gateway.backstores().stream()
                .filter(status -> status.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    BackstoreStatus.State stateOf(String name) {
        return status(name).state();
    }

    Volume volume(String name) {
        return gateway.disk(name).logicalUnit().volume();
    }

    /** Returns the lines of the log that have a text in them. */
    List<String> logged(String text) {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(text))
                .toList();
    }
}
