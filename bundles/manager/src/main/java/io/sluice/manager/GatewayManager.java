package io.sluice.manager;

import io.sluice.access.AccessRules;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.AccessManagement;
import io.sluice.management.Advice;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.JobManagement;
import io.sluice.management.LayerManagement;
import io.sluice.management.MoveStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.TraceManagement;
import io.sluice.management.Transport;
import io.sluice.manager.document.SecretFiles;
import io.sluice.manager.job.Jobs;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import io.sluice.metrics.Statistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * The gateway as a service: what it tells comes from what is known, and what is to be changed is handed to the thread of the
 * manager. Plain Java; thread-safe.
 */
public final class GatewayManager implements Gateway, AutoCloseable {

    /** Bundles answer at once, unless they have a bug. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private final Composition composition;
    private final Questions questions;
    private final Applying applying;
    private final Replacing replacing;
    private final BackstoreChanges backstoreChanges;
    private final TargetChanges targetChanges;
    private final PortalChanges portalChanges;
    private final AccessChanges access;
    private final GatewayInfo info;
    private final ReportedProblems reported;
    private final Traces traces;

    /**
     * Reads the configuration and serves it as far as what it needs is there; the rest follows when it comes.
     *
     * @param settings where things are
     * @param publisher makes targets known
     * @param version product version, for people
     */
    public GatewayManager(GatewaySettings settings, TargetPublisher publisher, String version) {
        this(settings, publisher, version, new SecretFiles(settings.configFile().resolveSibling("secrets")));
    }

    GatewayManager(GatewaySettings settings, TargetPublisher publisher, String version, SecretFiles secrets) {
        composition = new Composition(settings, publisher, secrets);
        questions =
                new Questions(composition.drains(), TURN, settings.patience().drain(), () -> composition
                        .reconciler()
                        .offered());
        applying = new Applying(composition);
        replacing = new Replacing(composition);
        backstoreChanges = new BackstoreChanges(composition);
        targetChanges = new TargetChanges(composition);
        portalChanges = new PortalChanges(composition);
        access = new AccessChanges(composition, targetChanges, composition.secrets());
        info = new GatewayInfo(version);
        reported = new ReportedProblems(settings.problems());
        traces = new Traces(composition, settings.stateFolder().resolve("traces"));
    }

    /** Returns the disk of a backstore, or null. */
    Disk disk(String backstore) {
        return composition.reconciler().disk(backstore);
    }

    /**
     * A bundle with a kind of storage has come. Does not wait for it.
     *
     * @return completes when it has been asked what it offers, and can be used if that makes sense
     */
    public CompletionStage<Void> addProvider(BackstoreProvider provider) {
        return questions.ask(composition.stores(), provider, () -> Offer.of(provider));
    }

    /** A bundle with a kind of storage goes: its disks stay, not ready, until it or another one is there. */
    public void removeProvider(BackstoreProvider provider) {
        remove(composition.stores(), provider);
    }

    /** A bundle with a kind of layer has come. Does not wait for it. */
    public void addLayer(LayerProvider provider) {
        questions.ask(composition.layers(), provider, () -> Offer.of(provider));
    }

    /** A bundle with a kind of layer goes. */
    public void removeLayer(LayerProvider provider) {
        remove(composition.layers(), provider);
    }

    private <P> void remove(Offers<P> offers, P provider) {
        Offer<P> gone = offers.remove(provider);
        if (gone != null) {
            composition.withdrawn(gone);
        }
    }

    /**
     * The transport has come.
     *
     * @return completes when it has been told where to listen; {@link #portals} says whether it does
     */
    public CompletionStage<Void> setTransport(Transport transport) {
        return composition.useTransport(transport);
    }

    /** The transport goes. */
    public void unsetTransport(Transport transport) {
        composition.loseTransport(transport);
    }

    /** Returns what others report of themselves. */
    public ReportedProblems reported() {
        return reported;
    }

    @Override
    public GatewayStatus status() {
        List<String> problems = reported.all();
        composition.broken().ifPresentOrElse(broken -> problems.add(broken.getMessage()), () -> {
            problems.addAll(composition.portals().problems());
            problems.addAll(composition.history().problems());
            problems.addAll(
                    Strangers.problems(config(), composition.reconciler().portals(config())));
            problems.addAll(composition.secretWatch().problems(config()));
        });
        return info.status(
                config(),
                Optional.ofNullable(composition.portals().transport()),
                problems,
                GatewayInfo.backstores(config(), composition.reconciler()));
    }

    @Override
    public Optional<String> stateProblem() {
        return composition.state().problem();
    }

    @Override
    public GatewayConfig config() {
        return composition.config();
    }

    @Override
    public Statistics statistics() {
        return GatewayInfo.statistics(composition.reconciler());
    }

    @Override
    public List<String> applyConfiguration() throws ConfigException {
        return applying.applyFile();
    }

    @Override
    public List<BackstoreTypeStatus> backstoreTypes() {
        return composition.stores().all().stream()
                .map(offer -> new BackstoreTypeStatus(offer.type(), offer.description(), offer.options()))
                .toList();
    }

    @Override
    public List<BackstoreStatus> backstores() {
        GatewayInfo.disks(config(), composition.reconciler()).forEach(Disk::askForSpace);
        return GatewayInfo.backstores(config(), composition.reconciler());
    }

    @Override
    public BackstoreConfig createBackstore(BackstoreRequest request) throws ConfigException {
        return backstoreChanges.create(request, (before, backstore) -> Configs.with(before, backstore));
    }

    @Override
    public BackstoreConfig createTarget(IscsiName name, BackstoreRequest request) throws ConfigException {
        return backstoreChanges.create(
                request,
                (before, backstore) -> Configs.with(
                        Configs.with(before, backstore),
                        new TargetConfig(
                                name,
                                true,
                                AccessState.ACTIVE_OPTIMIZED,
                                List.of(new LunConfig(0, backstore.name(), false)))));
    }

    @Override
    public void resizeBackstore(String name, long sizeBytes) throws ConfigException {
        backstoreChanges.resize(name, sizeBytes);
    }

    @Override
    public BackstoreConfig moveBackstore(String name, String type, Map<String, String> options, long bytesPerSecond)
            throws ConfigException {
        return composition.moves().start(name, type, options, bytesPerSecond);
    }

    @Override
    public List<MoveStatus> moves() {
        return composition.moves().all();
    }

    @Override
    public void setMoveRate(String name, long bytesPerSecond) throws ConfigException {
        composition.moves().setRate(name, bytesPerSecond);
    }

    @Override
    public void cancelMove(String name) throws ConfigException {
        composition.moves().cancel(name);
    }

    @Override
    public void reopenBackstore(String name, boolean empty) throws ConfigException {
        backstoreChanges.reopen(name, empty);
    }

    @Override
    public void takeOverBackstore(String name, boolean force) throws ConfigException {
        backstoreChanges.takeover(name, force);
    }

    @Override
    public void deleteBackstore(String name) throws ConfigException {
        backstoreChanges.delete(name);
    }

    @Override
    public List<TargetStatus> targets() {
        return GatewayInfo.targets(config(), sessions());
    }

    @Override
    public void createTarget(IscsiName name, List<String> backstores) throws ConfigException {
        targetChanges.create(name, backstores);
    }

    @Override
    public void setTargetEnabled(IscsiName name, boolean enabled) throws ConfigException {
        targetChanges.setEnabled(name, enabled);
    }

    @Override
    public void setTargetAccessState(IscsiName name, AccessState state) throws ConfigException {
        targetChanges.setAccessState(name, state);
    }

    @Override
    public void deleteTarget(IscsiName name, boolean force) throws ConfigException {
        targetChanges.delete(name, force);
    }

    @Override
    public void mapLun(IscsiName target, LunConfig lun) throws ConfigException {
        targetChanges.map(target, lun);
    }

    @Override
    public void unmapLun(IscsiName target, int lun, boolean force) throws ConfigException {
        targetChanges.unmap(target, lun, force);
    }

    @Override
    public String replaceLun(IscsiName target, int lun, String backstore) throws ConfigException {
        return replacing.replace(target, lun, backstore);
    }

    @Override
    public List<PortalStatus> portals() {
        if (composition.broken().isPresent()) {
            return List.of();
        }
        return composition.reconciler().portals(config()).stream()
                .sorted()
                .map(composition.portals()::status)
                .toList();
    }

    @Override
    public void createPortal(PortalConfig portal) throws ConfigException {
        portalChanges.create(portal);
    }

    @Override
    public void changePortal(PortalConfig portal) throws ConfigException {
        portalChanges.change(portal);
    }

    @Override
    public void deletePortal(PortalConfig portal) throws ConfigException {
        portalChanges.delete(portal);
    }

    @Override
    public List<SessionStatus> sessions() {
        return composition.sessions().list();
    }

    @Override
    public void closeSession(int id) throws ConfigException {
        composition.sessions().close(id);
    }

    /** Ends everything, with data flushed as far as stores answer. The configuration stays. */
    @Override
    public void close() {
        composition.close();
    }

    @Override
    public JobManagement jobs() {
        return new ManagedJobs(composition);
    }

    @Override
    public LayerManagement layers() {
        return new LayerChanges(composition);
    }

    @Override
    public AccessManagement access() {
        return access;
    }

    @Override
    public <T> T changeIf(Predicate<GatewayConfig> expected, Change<T> change) throws ConfigException {
        return composition.expectation().during(expected, change);
    }

    @Override
    public ConfigurationManagement configuration() {
        return new ConfigurationChanges(composition, applying);
    }

    @Override
    public TraceManagement trace() {
        return traces;
    }

    @Override
    public List<Advice> advice() {
        return traces.advice();
    }

    /** Says who is told when a job is over. */
    public void listen(Jobs.Listener listener) {
        composition.jobs().listen(listener);
    }

    /** Returns the rules of the moment. */
    public AccessRules rules() {
        return composition.rules();
    }
}
