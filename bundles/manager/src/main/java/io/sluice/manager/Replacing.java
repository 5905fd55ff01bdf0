package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.UnitIdentity;
import io.sluice.manager.history.Author;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.GivenStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Puts one backstore in the place of another under live sessions. What hosts see of a disk stays: identity, reservations, mode
 * pages, settings. It goes over to the other backstore with all mappings, because a disk of one identity over two targets is
 * one disk; the one that was there gets a new identity, so that none is there twice.
 */
final class Replacing {

    /** Commands wait at most so long for those that run to end. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** What is still lent of the old storage is waited for so long; it may take longer. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Composition composition;

    Replacing(Composition composition) {
        this.composition = composition;
    }

    /** @return the name of the backstore that was there */
    String replace(IscsiName target, int lun, String name) throws ConfigException {
        String what = "putting backstore " + name + " in the place of LUN " + lun + " of target " + target;
        CompletionStage<String> replaced = composition.step(() -> begin(target, lun, name));
        return composition.await(
                Changes.told(replaced, reason -> "LUN " + lun + " goes on as it was: " + reason), what);
    }

    private CompletionStage<String> begin(IscsiName target, int lun, String name) throws ConfigException {
        composition.requireUsable();
        GatewayConfig config = composition.config();
        BackstoreConfig spare = Configs.requireBackstore(config, name);
        BackstoreConfig served = Configs.requireBackstore(
                config, Configs.requireLun(config, target, lun).backstore());
        requireFit(config, served, spare);
        composition.busy().beginWithoutDisk(served.name(), "replaced");
        try {
            composition.busy().beginWithoutDisk(name, "put in the place of another");
        } catch (ConfigException busy) {
            composition.busy().end(served.name());
            throw busy;
        }
        return exchange(served.name(), name).whenComplete((done, failure) -> {
            composition.busy().end(served.name());
            composition.busy().end(name);
        });
    }

    private void requireFit(GatewayConfig config, BackstoreConfig served, BackstoreConfig spare)
            throws ConfigException {
        String name = spare.name();
        if (name.equals(served.name())) {
            throw new ConfigException("backstore " + name + " is there already: name another one");
        }
        requireNotMapped(config, name);
        if (spare.blockSize() != served.blockSize()) {
            throw new ConfigException("backstore " + name + " has blocks of " + spare.blockSize() + " bytes, and "
                    + served.name() + " of " + served.blockSize() + ": hosts cannot go on with that");
        }
        if (spare.sizeBytes() < served.sizeBytes()) {
            throw new ConfigException("backstore " + name + " has " + spare.sizeBytes() + " bytes, fewer than the "
                    + served.sizeBytes() + " of " + served.name() + ": backstore:resize makes it larger");
        }
        if (spare.readOnly() && !served.readOnly()) {
            throw new ConfigException(
                    "backstore " + name + " is read-only, and hosts write to " + served.name() + ": name another one");
        }
        Disk other = composition.reconciler().disk(name);
        if (served.thin() && !other.can(Unmap.class)) {
            throw new ConfigException("hosts give blocks of " + served.name() + " back, and the storage of backstore "
                    + name + " cannot take them: name one that can");
        }
        for (String unfit : List.of(
                other.unfit(), composition.reconciler().disk(served.name()).unfitForOthers())) {
            if (!unfit.isEmpty()) {
                throw new ConfigException(unfit);
            }
        }
    }

    private static void requireNotMapped(GatewayConfig config, String name) throws ConfigException {
        List<String> mappings = Configs.mappings(config, name);
        if (!mappings.isEmpty()) {
            throw new ConfigException("backstore " + name + " is in use as " + String.join(", ", mappings)
                    + ": unmap it first, or name one that is not mapped");
        }
    }

    private CompletionStage<String> exchange(String servedName, String spareName) {
        Author author = Author.current();
        Disk served = composition.reconciler().disk(servedName);
        Disk spare = composition.reconciler().disk(spareName);
        return spare.release("it takes the place of " + servedName).thenCompose(given -> {
            BackstoreConfig changed = successor(served.config(), given.config());
            CompletionStage<Disk.Left> left = served.isOpen()
                    ? served.become(changed, given, LIMIT, old -> leave(author, served, changed, served::inUse))
                    : served.take(changed, given, () -> leave(author, served, changed, () -> null))
                            .thenApply(taken -> null);
            return left.handle((exchanged, failure) ->
                            failure == null ? settle(servedName, spare, exchanged) : putBack(spare, given, failure))
                    .thenCompose(settled -> settled);
        });
    }

    /** The unit stays as hosts know it, and only where its blocks are is another place. */
    private static BackstoreConfig successor(BackstoreConfig served, BackstoreConfig spare) {
        return served.toBuilder()
                .name(spare.name())
                .type(spare.type())
                .sizeBytes(spare.sizeBytes())
                .options(spare.options())
                .layers(spare.layers())
                .build();
    }

    /** @param present the store in use; null if there is none */
    private CompletionStage<Void> leave(
            Author author, Disk served, BackstoreConfig changed, Supplier<GivenStore> present) {
        UnitIdentity former = UnitIdentity.random();
        return served.leaveMedium(
                changed.name(),
                former,
                () -> composition.step(author, () -> decide(served, changed, former, present.get())));
    }

    private CompletionStage<Void> decide(
            Disk served, BackstoreConfig changed, UnitIdentity identity, GivenStore present) throws ConfigException {
        // A document that was applied meanwhile may have mapped it.
        requireNotMapped(composition.config(), changed.name());
        BackstoreConfig former = served.config().toBuilder().identity(identity).build();
        GatewayConfig after = Configs.replace(Configs.replace(composition.config(), changed), former);
        composition.adopt(Configs.withLunsOf(after, former.name(), changed.name()));
        composition.reconciler().exchange(changed.name(), served, former, present);
        // The operator has named what hosts shall have now, whatever the storage from before has lost.
        served.trust();
        served.adopt(changed);
        served.logicalUnit().mediumExchanged();
        return CompletableFuture.completedFuture(null);
    }

    private CompletionStage<String> settle(String former, Disk spare, Disk.Left left) {
        CompletionStage<Void> back =
                left == null ? Backstore.done() : left.unused().thenRun(() -> comeBack(former, left.given()));
        CompletionStage<Void> closed = spare.close("its storage has another name now");
        return Drains.within(closed.thenCompose(done -> back), SOON, "the storage of backstore=" + former)
                .thenApply(ended -> {
                    spare.forget();
                    return former;
                });
    }

    /** The backstore that was there has its storage for itself again. */
    private void comeBack(String former, GivenStore given) {
        Disk now = composition.reconciler().disk(former);
        if (now == null) {
            given.close();
        } else {
            now.come(given);
        }
    }

    private CompletionStage<String> putBack(Disk spare, GivenStore given, Throwable failure) {
        spare.expect(given);
        spare.come(given);
        return CompletableFuture.failedFuture(failure);
    }
}
