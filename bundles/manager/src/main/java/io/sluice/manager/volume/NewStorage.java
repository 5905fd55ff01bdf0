package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.volume.Making;
import io.sluice.volume.StoreContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The storage of a backstore that is being made: made and opened, but in no configuration yet. It can be undone. */
public final class NewStorage {

    private static final Logger LOG = LoggerFactory.getLogger(NewStorage.class);

    private final BackstoreConfig config;
    private final BackstoreProvider provider;
    private final StoreContext context;
    private final Opening opening;

    private NewStorage(BackstoreConfig config, BackstoreProvider provider, StoreContext context, Opening opening) {
        this.config = config;
        this.provider = provider;
        this.context = context;
        this.opening = opening;
    }

    /**
     * Makes and opens storage, which may take long: space may be reserved for it.
     *
     * @param asked what the user wants; what storage cannot be thin is made thick
     * @param making told how far it is; cancelled when it is not wanted any more
     * @return fails with {@link ConfigException} or a bug, and then leaves nothing behind
     */
    public static CompletionStage<NewStorage> make(
            BackstoreConfig asked, Parts parts, StoreOpener opener, Making making) {
        StoreContext context = new StoreContext(opener.threads(), asked.name(), asked.options(), event -> {}, making);
        BackstoreProvider provider = parts.store().provider();
        Opening opening = new Opening(parts);
        return Plugin.run(context.executor(), () -> requireSecrets(parts.store(), context))
                .thenCompose(known -> Plugin.call(context.executor(), () -> provider.create(asked, context)))
                .thenCompose(created -> opener.open(created, opening)
                        .thenApply(store -> {
                            BackstoreConfig possible = possible(asked, created, opening.opened(store));
                            return new NewStorage(possible, provider, context, opening);
                        })
                        .exceptionallyCompose(failure -> new NewStorage(created, provider, context, opening)
                                .discard()
                                .thenCompose(undone -> CompletableFuture.failedFuture(failure))))
                .whenComplete((made, failure) -> {
                    if (failure != null) {
                        context.close();
                    }
                })
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(forUser(failure)));
    }

    /** Opens storage again that was made before the process was started, and that is in no configuration yet. */
    public static CompletionStage<NewStorage> open(BackstoreConfig made, Parts parts, StoreOpener opener) {
        StoreContext context = new StoreContext(opener.threads(), made.name(), made.options(), event -> {});
        Opening opening = new Opening(parts);
        return opener.open(made, opening)
                .<NewStorage>thenApply(store -> {
                    opening.opened(store);
                    return new NewStorage(made, parts.store().provider(), context, opening);
                })
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        context.close();
                    }
                });
    }

    /** Returns the open store, on its way into use. */
    public GivenStore given() {
        return new GivenStore(config, opening);
    }

    /** Closes it, and leaves it for the next process. */
    public CompletionStage<Void> shut() {
        return opening.store().close().whenComplete((closed, failure) -> context.close());
    }

    /** What the user has given may be a secret itself, so that no message shows it. */
    private static CompletionStage<Void> requireSecrets(Offer<BackstoreProvider> offer, StoreContext context)
            throws BackstoreException {
        for (BackstoreOption option : offer.options()) {
            if (option.type() == BackstoreOption.Type.SECRET) {
                context.secret(option.name());
            }
        }
        return Backstore.done();
    }

    private static BackstoreConfig possible(BackstoreConfig asked, BackstoreConfig created, ContainedStore store) {
        BackstoreConfig expected = asked.toBuilder()
                .options(created.options())
                .sizeBytes(created.sizeBytes())
                .build();
        if (created.sizeBytes() <= 0 || !created.equals(expected)) {
            throw new IllegalStateException("its bundle has a bug: it has changed the configuration to " + created);
        }
        if (!created.thin() || store.ability(Unmap.class) != null) {
            return created;
        }
        LOG.info("backstore={} is made thick: its storage cannot give blocks back", created.name());
        return created.toBuilder().thin(false).unmap(false).thresholdPercent(0).build();
    }

    private static Throwable forUser(Throwable failure) {
        Throwable cause = Plugin.cause(failure);
        if (cause instanceof BackstoreException || cause instanceof java.util.concurrent.RejectedExecutionException) {
            return new ConfigException(Plugin.message(cause), cause);
        }
        return cause;
    }

    /** Returns the configuration of what was made. */
    public BackstoreConfig config() {
        return config;
    }

    Opening opening() {
        return opening;
    }

    /** It is in use and in the configuration now. */
    public void keep() {
        context.close();
    }

    /** Closes it and undoes it. Completes when that is done, however it went. */
    public CompletionStage<Void> discard() {
        ContainedStore store = opening.store();
        CompletionStage<Void> closed = store == null ? Backstore.done() : store.close();
        return closed.handle((done, failure) -> failure)
                .thenCompose(failure -> Plugin.run(context.executor(), () -> provider.undoCreate(config, context)))
                .handle((undone, failure) -> {
                    if (failure != null) {
                        LOG.error("backstore={} what was made of it is left behind", config.name(), failure);
                    }
                    context.close();
                    return null;
                });
    }
}
