package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.RemoteCommand.Answer;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.volume.VolumeRuntime;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What gateways of one disk write to each other by its records: commands that one has another perform, what these have ended with, and
 * unit attentions. Whoever writes something has the others look at once, where the storage can do that. Thread-safe.
 */
final class Correspondence {

    private static final Logger LOG = LoggerFactory.getLogger(Correspondence.class);

    /** How long a command that another gateway performs is waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final GatewayIdentity me;
    private final LogicalUnit unit;
    private final SharedStorage storage;
    private final VolumeRuntime runtime;
    private final Turns turns;
    private final Outbox outbox;
    private final Attentions attentions;

    /** Commands that others have left; null while another gateway serves the disk. */
    private volatile Inbox inbox;

    private final Supplier<CompletionStage<Void>> requests;

    /** Whether somebody has said that there may be something new, and nobody has looked since. */
    private final AtomicBoolean heard = new AtomicBoolean();

    /**
     * @param turns in which the records are looked at
     * @param allowed whether what this gateway took the disk with is open still
     * @param requests has somebody look whether the disk is asked for, in turn
     */
    Correspondence(
            GatewayIdentity me,
            LogicalUnit unit,
            SharedStorage storage,
            VolumeRuntime runtime,
            Turns turns,
            BooleanSupplier allowed,
            Supplier<CompletionStage<Void>> requests) {
        this.me = me;
        this.unit = unit;
        this.storage = storage;
        this.runtime = runtime;
        this.turns = turns;
        this.requests = requests;
        this.outbox = new Outbox(me.id(), unit.name(), storage, runtime, PATIENCE);
        this.attentions = new Attentions(unit.name(), storage, allowed, unit::hear);
    }

    /** The storage is open; what an earlier process of this gateway waited for is waited for no more. */
    CompletionStage<Void> come() {
        return storage.listen(this::heard).thenCompose(listening -> outbox.clear());
    }

    private void heard() {
        runtime.execute(outbox::heard);
        if (heard.compareAndSet(false, true)) {
            runtime.execute(() -> turns.add(() -> {
                        heard.set(false);
                        return look().thenCompose(looked -> requests.get());
                    })
                    .whenComplete((looked, failure) -> {
                        if (failure != null) {
                            // The operator is told by the look that comes anyway.
                            LOG.debug("backstore={} what is new cannot be seen", unit.name(), failure);
                        }
                    }));
        }
    }

    /** Takes what others have written, in turn. */
    CompletionStage<Void> look() {
        Inbox own = inbox;
        if (own != null) {
            return storage.names().thenCompose(own::look);
        }
        return unit.standsBy() ? attentions.read() : Backstore.done();
    }

    /** Has a command performed by who serves the disk. */
    CompletableFuture<Answer> perform(RemoteCommand command, Name server) {
        return outbox.perform(command, server);
    }

    /** Tells the others of a unit attention, as {@link Attentions#tell} does. Never waits. */
    void tell(SharedAttention attention) {
        attentions.tell(attention);
    }

    /** Completes when the others can see of which unit attentions they were told until now, or after a while. */
    CompletionStage<Void> told(Duration most) {
        return attentions.told(most);
    }

    /** Somebody serves the disk, perhaps this gateway: what was left for another one is not waited for any more. */
    CompletionStage<Void> served(Name by) {
        return outbox.served(by);
    }

    /** This gateway begins to serve the disk. */
    void serve(String term) {
        attentions.begin(term);
        inbox = new Inbox(me.id(), unit.name(), term, storage, unit::perform, PATIENCE);
    }

    /** This gateway serves the disk no more, or not yet. */
    void standBy() {
        Inbox own = inbox;
        inbox = null;
        if (own != null) {
            own.end();
        }
    }

    /** The disk is closed. */
    void end() {
        standBy();
        outbox.end();
    }

    /** The disk is none of this gateway any more. */
    CompletionStage<Void> leave() {
        return outbox.clear();
    }
}
