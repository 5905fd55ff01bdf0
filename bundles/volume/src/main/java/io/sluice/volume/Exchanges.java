package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Puts one store of a volume in the place of another, while operations wait. Thread-safe. */
final class Exchanges {

    /** How long a flush may take while hosts wait: that of a busy disk takes its time, however little there is to be flushed. */
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private final VolumeLife life;

    Exchanges(VolumeLife life) {
        this.life = life;
    }

    CompletionStage<Void> replace(Supplier<CompletionStage<Backstore>> opener) {
        try {
            return begin(leaving -> new Replacement(life, leaving, opener)).result();
        } catch (BackstoreException busy) {
            return CompletableFuture.failedFuture(busy);
        }
    }

    Exchanged exchange(Backstore other, Duration patience, Function<Backstore, CompletionStage<Void>> decision)
            throws BackstoreException {
        OpenStore entering = new OpenStore(life.name(), other);
        entering.requireFit(life.geometry());
        return exchange(patience, leaving -> new Exchange(life, leaving, entering, true, decision));
    }

    CompletionStage<Void> wrap(UnaryOperator<Backstore> wrapper, Duration patience) {
        try {
            return exchange(patience, leaving -> wrapping(leaving, wrapper)).done();
        } catch (BackstoreException busy) {
            return CompletableFuture.failedFuture(busy);
        }
    }

    private Exchange wrapping(OpenStore leaving, UnaryOperator<Backstore> wrapper) {
        OpenStore entering = leaving.within(wrapper.apply(leaving.backstore()));
        return new Exchange(life, leaving, entering, false, store -> Backstore.done());
    }

    private Exchanged exchange(Duration patience, Function<OpenStore, Exchange> made) throws BackstoreException {
        Exchange begun = begin(made);
        life.runtime().schedule(() -> begun.giveUpSoon(FLUSH), patience);
        return new Exchanged(begun.result(), begun.left());
    }

    private <R extends Replacement> R begin(Function<OpenStore, R> made) throws BackstoreException {
        R begun = life.leave(made);
        begun.leaving().shut().thenRunAsync(begun::proceed, life.runtime().executor());
        return begun;
    }
}
