package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.AttentionsJson;
import io.sluice.manager.document.AttentionsJson.Numbered;
import io.sluice.scsi.SharedAttention;
import io.sluice.volume.log.SeldomLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unit attentions that nexuses of all gateways are to have: who serves the disk tells them in one record, the last ones of its time;
 * the others look for those that they have not seen. Thread-safe.
 */
final class Attentions {

    static final String RECORD = "attentions";

    /** What is older is seen by nobody who looks twice a second. */
    private static final int MOST = 32;

    private static final int MOST_BYTES = 60 << 10;
    private static final Logger LOG = LoggerFactory.getLogger(Attentions.class);

    private final String disk;
    private final SharedStorage storage;
    private final BooleanSupplier allowed;
    private final Consumer<SharedAttention> unit;
    private final Turns turns = new Turns();
    private final SeldomLog lines = new SeldomLog(1);

    /** Guarded by this, like all below: whose attentions were seen, and up to which; null as long as none were looked for. */
    private String theirs;

    private long seen;

    /** By which name this gateway tells its own, and how many it has told by that; null as long as it has not served the disk. */
    private String own;

    private long last;
    private final Deque<Numbered> told = new ArrayDeque<>();

    /**
     * @param allowed whether what this gateway took the disk with is open still: only then does it tell others
     * @param unit is given what others have told
     */
    Attentions(String disk, SharedStorage storage, BooleanSupplier allowed, Consumer<SharedAttention> unit) {
        this.disk = disk;
        this.storage = storage;
        this.allowed = allowed;
        this.unit = unit;
    }

    /** This gateway serves the disk from now on. */
    synchronized void begin(String ownTerm) {
        own = ownTerm;
        last = 0;
        told.clear();
    }

    /** Tells the others; to be called by who serves the disk, or has just given it and not closed it yet. Never waits. */
    void tell(SharedAttention attention) {
        synchronized (this) {
            told.add(new Numbered(++last, attention));
            if (told.size() > MOST) {
                told.remove();
            }
        }
        turns.add(() -> storage.put(RECORD, record(), allowed)).whenComplete((done, failure) -> {
            if (failure == null) {
                storage.announce();
            } else {
                complain("others are not told of unit attentions", failure);
            }
        });
    }

    /** Completes when the others can see what they were told until now, or after a while. */
    CompletionStage<Void> told(Duration most) {
        return turns.add(Backstore::done)
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Each fits, because the state of the unit has more about as many registrations. */
    private synchronized byte[] record() {
        byte[] record = AttentionsJson.write(new AttentionsJson.Attentions(own, List.copyOf(told)));
        while (record.length > MOST_BYTES && told.size() > 1) {
            told.remove();
            record = AttentionsJson.write(new AttentionsJson.Attentions(own, List.copyOf(told)));
        }
        return record;
    }

    /** Hears of what was told since; to be called while another gateway serves the disk. */
    CompletionStage<Void> read() {
        return storage.record(RECORD).thenAccept(this::take);
    }

    private void take(byte[] record) {
        try {
            hear(record.length == 0 ? new AttentionsJson.Attentions("", List.of()) : AttentionsJson.read(record));
        } catch (IOException wrong) {
            complain("unit attentions are missed", wrong);
        }
    }

    private void hear(AttentionsJson.Attentions heard) {
        List<Numbered> news;
        synchronized (this) {
            if (heard.term().equals(own)) {
                return;
            }
            boolean first = theirs == null && own == null;
            if (!heard.term().equals(theirs)) {
                theirs = heard.term();
                seen = 0;
            }
            long known = seen;
            news = first
                    ? List.of()
                    : heard.numbered().stream()
                            .filter(one -> one.number() > known)
                            .toList();
            seen = heard.numbered().stream().mapToLong(Numbered::number).reduce(seen, Math::max);
        }
        news.forEach(one -> unit.accept(one.attention()));
    }

    private void complain(String what, Throwable failure) {
        lines.line(others -> LOG.warn("backstore={} {}: {}{}", disk, what, Plugin.message(failure), others));
    }
}
