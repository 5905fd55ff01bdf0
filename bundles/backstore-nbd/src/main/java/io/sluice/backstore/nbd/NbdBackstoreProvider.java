package io.sluice.backstore.nbd;

import io.netty.channel.EventLoopGroup;
import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.backstore.nbd.client.Connector;
import io.sluice.backstore.nbd.client.Link;
import io.sluice.backstore.nbd.client.NbdAddress;
import io.sluice.backstore.nbd.client.NbdFailures;
import io.sluice.backstore.nbd.client.NbdLoop;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.TransmissionFlag;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Offers backstores of the type {@code nbd}: exports of NBD servers, taken as they are. */
@Component
public final class NbdBackstoreProvider implements BackstoreProvider {

    private final NbdLoop loop;

    /** Exports that are open, and the backstore of each. */
    private final Map<NbdAddress, String> open = new ConcurrentHashMap<>();

    /** Connects with nothing yet. */
    public NbdBackstoreProvider() {
        this(new NbdLoop());
    }

    NbdBackstoreProvider(NbdLoop loop) {
        this.loop = loop;
    }

    /**
     * Has connections served where the requests come from: two threads that wake each other cost more than what they pass on.
     *
     * @param loops those of the transport
     */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            target = "(sluice.transport=*)",
            unbind = "takeBack")
    void lend(EventLoopGroup loops) {
        loop.lend(loops);
    }

    void takeBack(EventLoopGroup loops) {
        loop.takeBack(loops);
    }

    @Deactivate
    void stop() {
        loop.close();
    }

    @Override
    public String type() {
        return "nbd";
    }

    @Override
    public String description() {
        return "an export of an NBD server, such as qemu-storage-daemon or nbdkit; has its size";
    }

    @Override
    public List<BackstoreOption> options() {
        return NbdOptions.ALL;
    }

    /** Makes what connects; reads secrets, so it is called where that may wait. */
    private Connector connector(NbdOptions options, BackstoreConfig config, BackstoreContext context)
            throws BackstoreException {
        return new Connector(options.address(), NbdOptions.tls(config, context), options.connections(), context, loop);
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
                    NbdOptions options = NbdOptions.of(config);
                    String user = open.get(options.address());
                    if (user != null) {
                        throw new ConfigException(options.address() + " is in use by backstore " + user);
                    }
                    return look(options, config, context);
                })
                .thenCompose(found -> found);
    }

    private CompletionStage<BackstoreConfig> look(NbdOptions options, BackstoreConfig config, BackstoreContext context)
            throws ConfigException {
        try {
            return connector(options, config, context).look().handle((info, failure) -> {
                try {
                    if (failure != null) {
                        throw new ConfigException(
                                options.address() + " cannot be had: " + NbdFailures.reason(failure), failure);
                    }
                    return taken(options.address(), config, info);
                } catch (ConfigException refused) {
                    throw new CompletionException(refused);
                }
            });
        } catch (BackstoreException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
    }

    private static BackstoreConfig taken(NbdAddress address, BackstoreConfig config, ExportInfo info)
            throws ConfigException {
        String misfit = misfit(config, info);
        if (misfit != null) {
            throw new ConfigException(address + " " + misfit);
        }
        long usable = info.sizeBytes() - info.sizeBytes() % config.blockSize();
        if (config.sizeBytes() != 0 && config.sizeBytes() != usable) {
            throw new ConfigException(address + " has " + info.sizeBytes() + " bytes, not " + config.sizeBytes()
                    + ": leave --size out to use it as it is, or change its size at the server");
        }
        return config.withSizeBytes(usable);
    }

    /** Returns what is wrong with an export, and what to do; null if it can be used. */
    private static String misfit(BackstoreConfig config, ExportInfo info) {
        if (info.sizeBytes() < config.blockSize()) {
            return "has " + info.sizeBytes() + " bytes, less than one block: name another export";
        }
        if (info.minimumBytes() > config.blockSize() || info.maximumBytes() < config.blockSize()) {
            return "has blocks of " + info.minimumBytes() + " bytes: make the backstore with --block-size "
                    + Math.max(512, info.minimumBytes());
        }
        return info.has(TransmissionFlag.READ_ONLY) && !config.readOnly()
                ? "takes no writes: add --read-only, or have the server export it for writing"
                : null;
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return context.call(() -> {
                    NbdOptions options = options(config);
                    String user = open.putIfAbsent(options.address(), config.name());
                    if (user != null) {
                        throw new BackstoreException(
                                Fault.NOT_READY, options.address() + " is in use by backstore " + user);
                    }
                    Runnable release = () -> open.remove(options.address(), config.name());
                    try {
                        return connect(options, config, context, release);
                    } catch (BackstoreException | RuntimeException failed) {
                        release.run();
                        throw failed;
                    }
                })
                .thenCompose(connected -> connected);
    }

    private static NbdOptions options(BackstoreConfig config) throws BackstoreException {
        try {
            return NbdOptions.of(config);
        } catch (ConfigException wrong) {
            throw new BackstoreException(Fault.NOT_READY, wrong.getMessage(), wrong);
        }
    }

    private CompletionStage<Backstore> connect(
            NbdOptions options, BackstoreConfig config, BackstoreContext context, Runnable release)
            throws BackstoreException {
        BlockGeometry geometry = new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
        return Link.open(connector(options, config, context), options.link(), context)
                .handle((link, failure) -> {
                    if (failure != null) {
                        release.run();
                        throw failed(options.address() + " cannot be had: " + NbdFailures.reason(failure), failure);
                    }
                    NbdBackstore store = new NbdBackstore(link, geometry, release);
                    String misfit = link.info().sizeBytes() < config.sizeBytes()
                            ? "has " + link.info().sizeBytes() + " bytes, fewer than the " + config.sizeBytes()
                                    + " of its configuration"
                            : misfit(config, link.info());
                    if (misfit != null) {
                        store.close();
                        throw failed(options.address() + " " + misfit, null);
                    }
                    return store;
                });
    }

    private static CompletionException failed(String message, Throwable cause) {
        return new CompletionException(new BackstoreException(Fault.NOT_READY, message, cause));
    }
}
