package io.sluice.backstore.rbd;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an open image, on a thread of its own: a cluster that does not answer holds it up for as long as it likes, and
 * nobody else. Whoever waits for it is told after a while that it goes on by itself; nobody can open the image meanwhile.
 */
final class Closing {

    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private static final long MOST_SECONDS = 30;

    private final String name;
    private final Image image;
    private final Answers answers;
    private final HeaderNotices notices;
    private final Runnable onClosed;

    /**
     * @param notices of the header; null if nobody listens to them
     * @param onClosed told when nothing is left
     */
    Closing(String name, Image image, Answers answers, HeaderNotices notices, Runnable onClosed) {
        this.name = name;
        this.image = image;
        this.answers = answers;
        this.notices = notices;
        this.onClosed = onClosed;
    }

    /** @param flushed the last operation of the image */
    CompletionStage<Void> begin(CompletionStage<Void> flushed) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        flushed.whenComplete((done, failure) -> {
            Thread thread = new Thread(() -> run(closed, failure), "sluice-rbd-close-" + name);
            thread.setDaemon(true);
            thread.start();
        });
        return closed.copy()
                .orTimeout(MOST_SECONDS, TimeUnit.SECONDS)
                .handle((done, failure) -> failure instanceof TimeoutException ? late() : ended(failure))
                .thenCompose(next -> next);
    }

    private void run(CompletableFuture<Void> closed, Throwable flushFailure) {
        try {
            if (notices != null) {
                notices.stop();
            }
            answers.stop();
            image.close();
            answers.release();
            if (notices != null) {
                notices.release();
            }
        } catch (RuntimeException | Error bug) {
            closed.completeExceptionally(bug);
        } finally {
            onClosed.run();
        }
        if (flushFailure == null) {
            closed.complete(null);
        } else {
            closed.completeExceptionally(flushFailure);
        }
    }

    private static CompletionStage<Void> ended(Throwable failure) {
        return failure == null ? Backstore.done() : CompletableFuture.failedFuture(failure);
    }

    /** Nothing that was acknowledged is lost: what is written is on the disks of the cluster. */
    private CompletionStage<Void> late() {
        LOG.warn(
                "backstore={} the cluster does not let go of image {}: it is closed as soon as there is an answer",
                name,
                image.spec());
        return CompletableFuture.failedFuture(new BackstoreException(
                Fault.NOT_READY, "image " + image.spec() + " is still being closed: the cluster does not answer"));
    }
}
