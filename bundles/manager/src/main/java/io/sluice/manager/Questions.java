package io.sluice.manager;

import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks bundles what they offer, each on a thread that it may keep. What they say counts in the order in which they came: of two
 * for one type the same one is used after every start, whichever answers first. Thread-safe; nothing here waits.
 */
final class Questions {

    private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

    private final Drains drains;
    private final Duration turn;
    private final Duration patience;
    private final Runnable offered;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    /**
     * @param turn how long those that came later are held up by one that does not answer
     * @param patience after what time such a one is told of
     * @param offered told when there is something new to use
     */
    Questions(Drains drains, Duration turn, Duration patience, Runnable offered) {
        this.drains = drains;
        this.turn = turn;
        this.patience = patience;
        this.offered = offered;
    }

    /**
     * A bundle has come.
     *
     * @param question asks it what it offers
     * @return completes when it has answered and its turn has come, however it answers
     */
    synchronized <P> CompletionStage<Void> ask(Offers<P> offers, P provider, Callable<Offer<P>> question) {
        CompletableFuture<Void> before = last.<Void>handle((asked, stopping) -> null)
                .completeOnTimeout(null, turn.toNanos(), TimeUnit.NANOSECONDS);
        offers.announce(provider);
        last = drains.run(() -> {
            try {
                Offer<P> offer = question.call();
                before.join();
                if (offers.add(offer)) {
                    offered.run();
                }
            } catch (Throwable bug) {
                LOG.error("a bundle for {} cannot be used: {}", offers, bug.toString(), bug);
            }
        });
        Drains.within(
                last.exceptionally(stopping -> null),
                patience,
                "asking a bundle for " + offers + " what it offers, " + Offer.name(provider));
        return last;
    }
}
