package io.sluice.manager;

import io.sluice.access.AccessRules;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.management.Gateway;
import io.sluice.management.Transport;
import io.sluice.manager.document.ConfigFile;
import io.sluice.manager.document.HistoryFiles;
import io.sluice.manager.document.SecretFiles;
import io.sluice.manager.document.StateFolder;
import io.sluice.manager.history.Author;
import io.sluice.manager.history.History;
import io.sluice.manager.job.Jobs;
import io.sluice.manager.job.Work;
import io.sluice.manager.volume.DiskRuntime;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import io.sluice.manager.volume.StoreOpener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration, what runs by it, and every change to both: on the thread of the manager, in steps that do not wait for a
 * bundle. What takes long is done between two steps, while its backstore is busy and everything else goes on.
 */
final class Composition {

    private static final Logger LOG = LoggerFactory.getLogger(Composition.class);

    private final Offers<BackstoreProvider> stores = new Offers<>("backstores");
    private final Offers<LayerProvider> layers = new Offers<>("layers");
    private final StoreOpener opener;
    private final Drains drains = new Drains();
    private final Patience patience;
    private final int firstPort;
    private final DiskRuntime runtime;
    private final Jobs jobs = new Jobs();
    private final Changes changes;
    private final Portals portals;
    private final Sessions sessions;
    private final Reconciler reconciler;
    private final Maker maker;
    private final Moves moves;
    private final ConfigFile file;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final SecretFiles secrets;
    private final SecretWatch secretWatch;
    private final Expectation expectation = new Expectation(this::config);
    private final History history;
    private final StateFolder state;
    private volatile AccessRules rules = AccessRules.NOBODY;
    private volatile GatewayConfig config = GatewayConfig.EMPTY;

    /** What the document before the last change says; on the thread of the manager. */
    private GatewayConfig spare = GatewayConfig.EMPTY;

    private final BusyBackstores busy = new BusyBackstores();

    /** Why the configuration cannot be served; nothing may be changed until that is mended. */
    private volatile ConfigException broken;

    Composition(GatewaySettings settings, TargetPublisher publisher, SecretFiles secrets) {
        patience = settings.patience();
        firstPort = settings.firstTargetPort();
        file = new ConfigFile(settings.configFile());
        this.secrets = secrets;
        secretWatch = new SecretWatch(secrets, this::config);
        state = new StateFolder(settings.configFile(), settings.stateFolder());
        history = new History(new HistoryFiles(settings.stateFolder().resolve("history")));
        runtime = new DiskRuntime(new DiskRuntime.Settings(
                settings.stateFolder(),
                settings.erasureBytesPerSecond(),
                settings.volumes(),
                patience.retryFirst(),
                patience.retryLongest(),
                patience.drain(),
                patience.sharing()));
        opener = new StoreOpener(stores, layers, runtime);
        runtime.listen((disk, erasure) -> jobs.beginLong(
                "erasing backstore " + disk,
                new Author("initiator", (erasure.format() ? "format" : "sanitize") + " backstore " + disk),
                erasure.over().thenApply(erased -> ""),
                new Erasing(erasure)));
        maker = new Maker(opener, runtime);
        changes = new Changes(patience.change(), jobs);
        portals = new Portals(changes, patience);
        sessions = new Sessions(portals, drains, changes);
        reconciler = new Reconciler(opener, runtime, settings.defaultPortal(), patience, portals, publisher, drains);
        moves = new Moves(this, settings.stateFolder());
        try {
            serve();
        } catch (ConfigException invalid) {
            LOG.error("nothing is served: {}", invalid.getMessage(), invalid);
        }
    }

    /**
     * Begins to serve what the document says.
     *
     * @throws ConfigException if it cannot be read, or another gateway has the state, or the state is not there; nothing is served
     *     then
     */
    void serve() throws ConfigException {
        GatewayConfig loaded;
        try {
            loaded = load();
        } catch (ConfigException invalid) {
            broken = invalid;
            throw invalid;
        }
        GatewayConfig restated = new Restated(reconciler::disk).of(loaded, file.lastGood());
        GatewayConfig numbered = TargetPorts.number(restated, reconciler.portals(restated), firstPort);
        keep(loaded, numbered);
        config = numbered;
        reconciler.start(numbered, moves::resume);
        use(numbered);
        spare = file.lastGood();
        secrets.clear(numbered, spare);
        history.begin(numbered);
        broken = null;
        if (portals.transport() != null) {
            portals.listenAll(reconciler.portals(numbered));
        }
    }

    /** A folder of states that is not the one is not even locked, unless no disk has anything in it. */
    private GatewayConfig load() throws ConfigException {
        Optional<String> notTheOne = state.take();
        GatewayConfig loaded = file.load();
        if (notTheOne.isPresent() && !loaded.backstores().isEmpty()) {
            throw new ConfigException(notTheOne.get());
        }
        state.adopt();
        return loaded;
    }

    /** What is filled in has to be the same at the next start, even if the document is changed by hand until then. */
    private void keep(GatewayConfig loaded, GatewayConfig numbered) {
        if (!numbered.equals(loaded)) {
            try {
                file.fillIn(numbered);
            } catch (ConfigException failed) {
                LOG.error(
                        "the numbers of new target ports, and the ids of images, are not kept: {}",
                        failed.getMessage(),
                        failed);
            }
        }
    }

    /** Takes over a configuration by which nothing that runs has to change, on the thread of the manager. */
    void adopt(GatewayConfig after) throws ConfigException {
        GatewayConfig before = config;
        file.save(after);
        use(after);
        remember(before, after);
        forgetSecrets(before, after);
    }

    /** Who puts the document before the last change in the place of a torn one finds the secrets that it names. */
    private void forgetSecrets(GatewayConfig before, GatewayConfig after) {
        secrets.forgetUnnamed(spare, before, after);
        spare = before;
    }

    private void remember(GatewayConfig before, GatewayConfig after) {
        if (!after.equals(before)) {
            history.add(
                    before,
                    after,
                    Author.current(),
                    Differences.lines(Differences.of(before, after, after, reconciler::portals)));
        }
    }

    private void use(GatewayConfig after) {
        config = after;
        rules = new AccessRules(after, secrets.read(after));
        runtime.initiatorLimits().set(after.initiators());
        secretWatch.lookSoon();
    }

    /** Reads the secrets anew, which may have been changed without a word; on the thread of the manager. */
    void readSecretsNow() {
        secrets.readAgain();
        use(config);
    }

    AccessRules rules() {
        return rules;
    }

    SecretFiles secrets() {
        return secrets;
    }

    SecretWatch secretWatch() {
        return secretWatch;
    }

    StateFolder state() {
        return state;
    }

    History history() {
        return history;
    }

    Offers<BackstoreProvider> stores() {
        return stores;
    }

    Offers<LayerProvider> layers() {
        return layers;
    }

    Patience patience() {
        return patience;
    }

    Drains drains() {
        return drains;
    }

    Portals portals() {
        return portals;
    }

    Sessions sessions() {
        return sessions;
    }

    Reconciler reconciler() {
        return reconciler;
    }

    StoreOpener opener() {
        return opener;
    }

    Jobs jobs() {
        return jobs;
    }

    BusyBackstores busy() {
        return busy;
    }

    Moves moves() {
        return moves;
    }

    Maker maker() {
        return maker;
    }

    ConfigFile file() {
        return file;
    }

    GatewayConfig config() {
        return config;
    }

    Optional<ConfigException> broken() {
        return Optional.ofNullable(broken);
    }

    Expectation expectation() {
        return expectation;
    }

    CompletionStage<Void> useTransport(Transport transport) {
        portals.use(transport);
        return changes.submit(() -> {
            if (broken == null && portals.transport() == transport) {
                portals.listenAll(reconciler.portals(config));
            }
            return null;
        });
    }

    void loseTransport(Transport transport) {
        if (portals.transport() == transport) {
            portals.use(null);
        }
    }

    /** Makes a configuration from the present one. */
    @FunctionalInterface
    interface Change {
        GatewayConfig apply(GatewayConfig before) throws ConfigException;
    }

    /** Makes a change in what runs and on disk, in both or in neither, and waits a while until what it ends has ended. */
    void change(String what, Change change) throws ConfigException {
        change(what, change, () -> {});
    }

    /** As the other one; what the change has left outside of the configuration is undone if it is refused. */
    void change(String what, Change change, Runnable undo) throws ConfigException {
        changes.await(
                step(() -> {
                    try {
                        return make(change, List.of(), file::save);
                    } catch (ConfigException | RuntimeException refused) {
                        undo.run();
                        throw refused;
                    }
                }),
                what);
    }

    /** Makes a step on the thread of the manager. */
    <T> CompletionStage<T> step(Callable<CompletionStage<T>> step) {
        return changes.submit(expectation.before(step)).thenCompose(next -> next);
    }

    /** As the other one, for an author: what goes on after a store has answered does so in a thread that works for nobody. */
    <T> CompletionStage<T> step(Author author, Callable<CompletionStage<T>> step) {
        return step(() -> author.call(step));
    }

    /** Keeps a configuration. */
    @FunctionalInterface
    interface Save {
        void save(GatewayConfig after) throws ConfigException;
    }

    /**
     * Makes a change, on the thread of the manager.
     *
     * @param made the disks that are new by it
     * @param save writes it down
     * @return completes when what the change ends has ended, or after a while
     * @throws ConfigException if it is refused; everything but the new disks is as before
     */
    CompletableFuture<Void> make(Change change, List<NewDisk> made, Save save) throws ConfigException {
        requireUsable();
        GatewayConfig before = config;
        GatewayConfig after;
        try {
            after = change.apply(before);
            after = TargetPorts.number(after, reconciler.portals(after), firstPort);
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
        Runnable undo =
                reconciler.add(before, after, made.stream().map(NewDisk::disk).toList());
        try {
            save.save(after);
        } catch (ConfigException failed) {
            undo.run();
            throw failed;
        }
        use(after);
        remember(before, after);
        forgetSecrets(before, after);
        made.forEach(one -> one.disk().leaveIfGone());
        return Drains.all(
                List.of(reconciler.remove(before, after), reconciler.targets().accessChanged()));
    }

    /** @throws ConfigException if nothing can be changed, because the configuration could not be read */
    void requireUsable() throws ConfigException {
        if (broken != null) {
            throw new ConfigException(broken.getMessage(), broken);
        }
    }

    /** Waits a while for a change, and says what has become of it in one line. */
    <T> T await(CompletionStage<T> change, String what) throws ConfigException {
        return await(change, what, Work.PLAIN);
    }

    /** As the other one; more is known of the work. */
    <T> T await(CompletionStage<T> change, String what, Work work) throws ConfigException {
        return changes.await(Changes.told(change, reason -> reason), what, work);
    }

    /** Makes a change of which this thread waits no longer than it says. */
    <T> T within(Duration atMost, Gateway.Change<T> change) throws ConfigException {
        return changes.within(atMost, change);
    }

    /** A bundle goes. Returns when nothing of it is in use, or after a while. */
    void withdrawn(Offer<?> offer) {
        maker.withdrawn(offer);
        CompletableFuture<Void> left = Drains.within(moves.withdrawn(offer), patience.withdrawal(), "moves");
        reconciler.withdrawn(offer);
        Drains.await(left);
        runtime.bundleGone();
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (state) {
            changes.close(patience.stop().dividedBy(3));
            Moves.Stopping stopping = moves.stop();
            reconciler.stop();
            Drains.await(Drains.within(stopping.keep(), patience.stop().dividedBy(3), "moves"));
            moves.leave();
            drains.close();
            secretWatch.close();
            runtime.close();
            history.close(patience.stop().dividedBy(3).toMillis());
        }
    }
}
