package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.ability.RecordNotices;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.Takeover;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;

/** The part of an image that has to do with another gateway: who has the lock, and the records that both see. Thread-safe. */
final class SharedImage implements SharedRecords, RecordNotices, Takeover {

    /** One who has just died is told in vain until the cluster notices. */
    private static final int NOTICE_MILLIS = 1000;

    private final Image image;
    private final HeaderRecords records;
    private final BackstoreContext context;
    private final IntConsumer failed;
    private final HeaderNotices notices;
    private final OneAtATime taking = new OneAtATime();
    private volatile boolean active;
    private volatile Runnable told = () -> {};

    private SharedImage(Image image, BackstoreContext context, IntConsumer failed) throws BackstoreException {
        this.image = image;
        this.records = image.records();
        this.context = context;
        this.failed = failed;
        this.notices = new HeaderNotices(context.name(), image, () -> told.run());
    }

    /**
     * Begins to listen to others.
     *
     * @param failed told of the error number of each call that the cluster has refused
     * @param answers what is to be stopped if that fails
     */
    static SharedImage begin(Image image, BackstoreContext context, IntConsumer failed, Answers answers)
            throws BackstoreException {
        boolean begun = false;
        try {
            SharedImage shared = new SharedImage(image, context, failed);
            begun = true;
            return shared;
        } finally {
            if (!begun) {
                answers.stop();
                answers.release();
            }
        }
    }

    /** What is told of changes, as long as the image is open. */
    HeaderNotices notices() {
        return notices;
    }

    @Override
    public boolean active() {
        return active;
    }

    /** Somebody else has the image: nothing gets to it from here. */
    void lose() {
        active = false;
    }

    @Override
    public CompletionStage<Void> take(boolean force) {
        return call(() -> {
            takeNow(force);
            return null;
        });
    }

    /** Who comes second would hold a thread for as long as the cluster does not answer the first. */
    private void takeNow(boolean force) throws BackstoreException {
        taking.run(
                "the image of backstore " + context.name()
                        + " is being taken already: its cluster has not answered yet",
                () -> {
                    if (!active) {
                        image.take(force);
                        active = true;
                    }
                });
    }

    @Override
    public CompletionStage<byte[]> record(String name) {
        return call(() -> records.get(name));
    }

    @Override
    public CompletionStage<Void> putRecord(String name, byte[] value) {
        return call(() -> {
            records.put(name, value);
            return null;
        });
    }

    @Override
    public CompletionStage<List<String>> recordNames() {
        return call(records::names);
    }

    @Override
    public CompletionStage<Void> announce() {
        return call(() -> {
            records.announce(NOTICE_MILLIS);
            return null;
        });
    }

    @Override
    public void listen(Runnable listener) {
        told = listener;
    }

    private <T> CompletionStage<T> call(Image.Calls<T> calls) {
        return context.call(() -> {
            try {
                return image.using(calls);
            } catch (FailedCall refused) {
                failed.accept(refused.error());
                throw refused;
            }
        });
    }
}
