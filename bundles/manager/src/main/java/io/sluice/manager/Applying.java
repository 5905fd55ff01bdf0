package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.management.Difference;
import io.sluice.management.SessionStatus;
import io.sluice.manager.document.ConfigFile;
import io.sluice.manager.history.Author;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes over a configuration that somebody has written, whole or not at all. Storage is made first, which may take long; then
 * everything is taken over in one step. If another change has come in between, it is refused.
 */
final class Applying {

    private final Composition composition;
    private final AtomicBoolean underWay = new AtomicBoolean();

    Applying(Composition composition) {
        this.composition = composition;
    }

    /**
     * What is wanted.
     *
     * @param config the configuration
     * @param secrets what comes with it
     * @param save writes it down
     * @param again what is said to one who has to do it again
     */
    record Wanted(GatewayConfig config, NewSecrets secrets, Composition.Save save, String again) {}

    /** Says what is wanted, on the thread of the manager. */
    @FunctionalInterface
    interface Source {

        /** Returns nothing if nothing is to be changed. */
        Optional<Wanted> read(GatewayConfig present) throws ConfigException;
    }

    /** Takes over the document as somebody has edited it, and returns what was changed, one line each. */
    List<String> applyFile() throws ConfigException {
        StorageWork work = StorageWork.ofDocument(composition.patience());
        return composition.await(
                composition.step(() -> {
                    if (composition.broken().isPresent()) {
                        composition.serve();
                        return CompletableFuture.completedFuture(
                                List.of("the configuration is served, which could not be read before"));
                    }
                    return begin(this::edited, work).thenApply(Differences::lines);
                }),
                "applying the configuration",
                work);
    }

    private Optional<Wanted> edited(GatewayConfig present) throws ConfigException {
        Optional<ConfigFile.Draft> draft = composition.file().draft(present);
        if (draft.isEmpty()) {
            // Secrets are no part of the document, and may have been changed by hand too.
            composition.readSecretsNow();
        }
        return draft.map(edit -> new Wanted(
                new Restated(composition.reconciler()::disk).of(edit.config(), present),
                new NewSecrets(composition.secrets(), Map.of()),
                after -> composition.file().save(after, edit),
                "use gateway:apply once more"));
    }

    /** Takes over what somebody has sent. */
    List<Difference> apply(Source source, String why) throws ConfigException {
        StorageWork work = StorageWork.ofDocument(composition.patience());
        return composition.await(
                composition.step(() -> {
                    composition.requireUsable();
                    return Author.current().because(why).call(() -> begin(source, work));
                }),
                "applying the document",
                work);
    }

    private CompletionStage<List<Difference>> begin(Source source, StorageWork work) throws ConfigException {
        if (!underWay.compareAndSet(false, true)) {
            throw new ConfigException("the configuration is being applied already: wait until that is over");
        }
        List<String> begun = new ArrayList<>();
        Runnable end = () -> {
            // What a bundle still does to storage, nobody else does meanwhile; other changes do not wait for it.
            begun.forEach(
                    name -> work.over(name).thenRun(() -> composition.busy().end(name)));
            underWay.set(false);
        };
        try {
            composition.secrets().readAgain();
            Optional<Wanted> wanted = source.read(composition.config());
            if (wanted.isEmpty()) {
                end.run();
                return CompletableFuture.completedFuture(List.of());
            }
            Plan plan = Plan.of(composition.config(), wanted.get().config(), composition.opener());
            for (Creation creation : plan.making()) {
                composition.busy().requireIdle(creation.source());
            }
            for (String name : plan.concerned()) {
                composition.busy().beginWithoutDisk(name, "changed");
                begun.add(name);
            }
            plan.making()
                    .forEach(creation ->
                            composition.busy().copies(creation.asked().name(), creation.source()));
            return carryOut(plan, wanted.get(), work, composition.sessions().list())
                    .whenComplete((lines, failure) -> end.run());
        } catch (ConfigException | RuntimeException | Error refused) {
            end.run();
            throw refused;
        }
    }

    private CompletionStage<List<Difference>> carryOut(
            Plan plan, Wanted wanted, StorageWork work, List<SessionStatus> sessions) {
        List<NewDisk> made = new ArrayList<>();
        Author author = Author.current();
        return close(plan)
                .thenCompose(closed -> make(plan, work, made))
                .thenCompose(all -> grow(plan, work))
                .thenCompose(grown -> composition.step(author, () -> commit(plan, wanted, made)))
                .exceptionallyCompose(failure ->
                        undo(plan, work, made).thenCompose(undone -> CompletableFuture.failedFuture(failure)))
                .thenApply(done -> {
                    made.forEach(NewDisk::keep);
                    return differences(plan, plan.after(made), sessions);
                });
    }

    private CompletionStage<Void> close(Plan plan) {
        return Drains.all(
                plan.closing().stream().map(composition.reconciler()::close).toList());
    }

    private CompletionStage<Void> make(Plan plan, StorageWork work, List<NewDisk> made) {
        CompletionStage<Void> all = Backstore.done();
        for (Creation creation : plan.making()) {
            String name = creation.asked().name();
            all = all.thenCompose(before -> work.run(
                            name, "making", making -> composition.maker().make(creation, making), NewDisk::discard))
                    .thenAccept(made::add);
        }
        return all;
    }

    /** A larger store behind a smaller configuration does no harm, so nothing has to be undone. */
    private CompletionStage<Void> grow(Plan plan, StorageWork work) {
        CompletionStage<Void> all = Backstore.done();
        for (BackstoreConfig backstore : plan.growing()) {
            String name = backstore.name();
            all = all.thenCompose(before -> work.run(
                    name,
                    "resizing",
                    growing -> composition.reconciler().disk(name).resize(backstore.sizeBytes()),
                    grown -> Backstore.done()));
        }
        return all;
    }

    private CompletionStage<Void> commit(Plan plan, Wanted wanted, List<NewDisk> made) throws ConfigException {
        try {
            return composition.make(
                    before -> {
                        if (before != plan.before()) {
                            throw new ConfigException("the configuration was changed meanwhile: " + wanted.again());
                        }
                        return wanted.secrets().keep(before, plan.after(made));
                    },
                    made,
                    wanted.save());
        } catch (ConfigException | RuntimeException refused) {
            wanted.secrets().forget();
            throw refused;
        }
    }

    private List<Difference> differences(Plan plan, GatewayConfig after, List<SessionStatus> sessions) {
        return EndingSessions.of(
                Differences.of(plan.before(), plan.wanted(), after, composition.reconciler()::portals),
                sessions,
                after,
                composition.reconciler().portals(after));
    }

    /** Returns what taking over a configuration would change; in any thread. */
    List<Difference> plan(GatewayConfig present, GatewayConfig wanted) throws ConfigException {
        composition.requireUsable();
        Plan plan = Plan.of(present, wanted, composition.opener());
        for (String name : plan.concerned()) {
            composition.busy().requireIdle(name);
        }
        return differences(plan, wanted, composition.sessions().list());
    }

    private CompletionStage<Void> undo(Plan plan, StorageWork work, List<NewDisk> made) {
        return Drains.all(made.stream().map(disk -> discard(disk, work)).toList())
                .thenCompose(discarded -> composition.step(() -> {
                    for (String name : plan.closing()) {
                        composition.reconciler().restore(Configs.requireBackstore(plan.before(), name));
                    }
                    return Backstore.done();
                }));
    }

    private CompletionStage<Void> discard(NewDisk disk, StorageWork work) {
        CompletionStage<Void> discarded = disk.discard();
        work.hold(disk.config().name(), discarded);
        return Drains.within(
                discarded,
                composition.patience().drain(),
                "backstore=" + disk.config().name());
    }
}
