package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.manager.document.ConfigFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes over the configuration document as somebody has edited it, whole or not at all. Storage is made first, which may take
 * long; then everything is taken over in one step. As long as the document is edited, no other change can be saved, so that
 * nothing comes in between.
 */
final class Applying {

    private final Composition composition;
    private final AtomicBoolean underWay = new AtomicBoolean();

    Applying(Composition composition) {
        this.composition = composition;
    }

    /** Returns what was changed, one line each. */
    List<String> apply() throws ConfigException {
        return composition.await(composition.step(this::begin), "applying the configuration");
    }

    private CompletionStage<List<String>> begin() throws ConfigException {
        if (composition.broken().isPresent()) {
            composition.serve();
            return CompletableFuture.completedFuture(
                    List.of("the configuration is served, which could not be read before"));
        }
        if (!underWay.compareAndSet(false, true)) {
            throw new ConfigException("the configuration is being applied already: wait until that is over");
        }
        List<String> begun = new ArrayList<>();
        Runnable end = () -> {
            begun.forEach(composition::end);
            underWay.set(false);
        };
        try {
            Optional<ConfigFile.Draft> draft = composition.file().draft(composition.config());
            if (draft.isEmpty()) {
                // Secrets are no part of the document, and may have been changed by hand too.
                composition.readSecretsNow();
                end.run();
                return CompletableFuture.completedFuture(List.of());
            }
            Plan plan = Plan.of(composition.config(), draft.get().config(), composition.opener());
            for (String name : plan.concerned()) {
                composition.begin(name, "changed");
                begun.add(name);
            }
            return carryOut(plan, draft.get()).whenComplete((lines, failure) -> end.run());
        } catch (ConfigException | RuntimeException refused) {
            end.run();
            throw refused;
        }
    }

    private CompletionStage<List<String>> carryOut(Plan plan, ConfigFile.Draft draft) {
        List<NewDisk> made = new ArrayList<>();
        return close(plan)
                .thenCompose(closed -> make(plan, made))
                .thenCompose(all -> grow(plan))
                .thenCompose(grown -> composition.step(() -> commit(plan, draft, made)))
                .exceptionallyCompose(
                        failure -> undo(plan, made).thenCompose(undone -> CompletableFuture.failedFuture(failure)))
                .thenApply(done -> {
                    made.forEach(NewDisk::keep);
                    return lines(plan, made);
                });
    }

    private CompletionStage<Void> close(Plan plan) {
        return Drains.all(
                plan.closing().stream().map(composition.reconciler()::close).toList());
    }

    private CompletionStage<Void> make(Plan plan, List<NewDisk> made) {
        CompletionStage<Void> all = Backstore.done();
        for (Creation creation : plan.making()) {
            all = all.thenCompose(before -> composition.maker().make(creation)).thenAccept(made::add);
        }
        return all;
    }

    /** A larger store behind a smaller configuration does no harm, so nothing has to be undone. */
    private CompletionStage<Void> grow(Plan plan) {
        CompletionStage<Void> all = Backstore.done();
        for (BackstoreConfig backstore : plan.growing()) {
            all = all.thenCompose(
                    before -> composition.reconciler().disk(backstore.name()).resize(backstore.sizeBytes()));
        }
        return all;
    }

    private CompletionStage<Void> commit(Plan plan, ConfigFile.Draft draft, List<NewDisk> made) throws ConfigException {
        return composition.make(
                before -> {
                    if (before != plan.before()) {
                        throw new ConfigException(
                                "the configuration was changed meanwhile: use gateway:apply once more");
                    }
                    return plan.after(made);
                },
                made,
                after -> composition.file().save(after, draft));
    }

    private List<String> lines(Plan plan, List<NewDisk> made) {
        GatewayConfig after = plan.after(made);
        Differences differences = new Differences(plan.before(), after);
        differences.backstores(plan.wanted());
        differences.initiators();
        differences.targets();
        differences.portals(
                composition.reconciler().portals(plan.before()),
                composition.reconciler().portals(after));
        return differences.lines();
    }

    private CompletionStage<Void> undo(Plan plan, List<NewDisk> made) {
        return Drains.all(made.stream().map(NewDisk::discard).toList())
                .thenCompose(discarded -> composition.step(() -> {
                    for (String name : plan.closing()) {
                        composition.reconciler().restore(Configs.requireBackstore(plan.before(), name));
                    }
                    return Backstore.done();
                }));
    }
}
