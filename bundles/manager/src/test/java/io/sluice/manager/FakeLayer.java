package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.LayerProvider;
import io.sluice.backstore.ability.Reconfigure;
import io.sluice.config.LayerConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A kind of layer that changes nothing and keeps an account. */
final class FakeLayer implements LayerProvider {

    final List<String> account;
    volatile boolean broken;

    /** What opening waits for; null to be open at once. */
    volatile CompletableFuture<Void> opening;

    /** How often opening fails from now on. */
    final AtomicInteger failures = new AtomicInteger();

    /** What closing waits for of those that are {@link #stuck}. */
    final CompletableFuture<Void> closing = new CompletableFuture<>();

    /** Which ones are not closed at once, by their settings when they were opened. */
    volatile Predicate<LayerConfig> stuck = config -> false;

    /** Whether it writes before it waits. */
    volatile boolean writesFirst;

    /** Whether it writes when it has waited. */
    volatile boolean writesLast;

    /** Whether it forgets to close what it lies on. */
    volatile boolean forgetful;

    /** Whether its settings can be changed while it is open. */
    volatile boolean live;

    /** Whether the blocks are the same without it. */
    volatile boolean keepsBlocks = true;

    private final String type;

    FakeLayer(String type) {
        this(type, new CopyOnWriteArrayList<>());
    }

    FakeLayer(String type, List<String> account) {
        this.type = type;
        this.account = account;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public String description() {
        return "nothing";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(new BackstoreOption("iops", false, "operations a second"));
    }

    @Override
    public boolean keepsBlocks() {
        return keepsBlocks;
    }

    @Override
    public CompletionStage<Backstore> open(Backstore below, LayerConfig config, BackstoreContext context) {
        account.add("open " + type + config.options());
        if (broken || failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new NoSuchMethodError("of another version");
        }
        Backstore opened = opened(below, stuck.test(config));
        CompletableFuture<Void> hindrance = opening;
        if (hindrance == null) {
            return CompletableFuture.completedFuture(opened);
        }
        if (writesFirst) {
            write(below);
        }
        return hindrance.thenApply(ready -> {
            if (writesLast) {
                write(below);
            }
            return opened;
        });
    }

    private void write(Backstore below) {
        ByteBuffer[] block = {ByteBuffer.allocate(below.geometry().blockSize())};
        below.write(0, block, Durability.CACHED)
                .whenComplete((done, failure) ->
                        account.add(failure == null ? "written" : "not written: " + failure.getMessage()));
    }

    private Backstore opened(Backstore below, boolean hangs) {
        return new ForwardingBackstore(below) {
            @Override
            public <A> A ability(Class<A> kind) {
                if (live && kind == Reconfigure.class) {
                    return kind.cast((Reconfigure) FakeLayer.this::reconfigure);
                }
                return super.ability(kind);
            }

            @Override
            public CompletionStage<Void> close() {
                if (hangs) {
                    return closing.thenRun(() -> account.add("close " + type)).thenCompose(free -> super.close());
                }
                account.add("close " + type);
                return forgetful ? Backstore.done() : super.close();
            }
        };
    }

    private CompletionStage<Reconfigure.Change> reconfigure(LayerConfig config, BackstoreContext context) {
        account.add("set " + type + config.options());
        return CompletableFuture.completedFuture(new Reconfigure.Change() {
            @Override
            public CompletionStage<Void> keep() {
                account.add("keep " + type);
                return Backstore.done();
            }

            @Override
            public CompletionStage<Void> undo() {
                account.add("undo " + type);
                return Backstore.done();
            }
        });
    }
}
