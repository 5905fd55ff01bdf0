package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * What this gateway says beside the blocks of wanting a disk: that it asks for it, and that it is taking it. What another gateway says
 * is left alone, unless it has died over it. Touched in turn.
 */
final class Claim {

    private static final byte[] NOTHING = {};

    private final GatewayIdentity me;
    private final SharedStorage storage;
    private final long stale;

    /** Who was seen last to be taking the disk, and since when. */
    private Name seen = Name.NOBODY;

    private long since = System.nanoTime();

    /** @param stale how long somebody may say that it is taking the disk; each time it does that it says another thing */
    Claim(GatewayIdentity me, SharedStorage storage, Duration stale) {
        this.me = me;
        this.storage = storage;
        this.stale = stale.toNanos();
    }

    /** Returns whether that is another gateway. */
    boolean isOther(Name gateway) {
        return !gateway.equals(Name.NOBODY) && !gateway.gateway().equals(me.id());
    }

    /** Somebody, or nobody, says that it is taking the disk. */
    void see(Name taker) {
        if (!taker.equals(seen)) {
            seen = taker;
            since = System.nanoTime();
        }
    }

    /** Returns whether another gateway is taking the disk, which it does not do for ever. */
    boolean isOthers(Name taker) {
        see(taker);
        return isOther(taker) && System.nanoTime() - since < stale;
    }

    /**
     * Says that this gateway is taking the disk.
     *
     * @param force whether that is said in place of another one as well; if not, it fails then
     */
    CompletionStage<Void> say(boolean force) {
        if (force) {
            return put();
        }
        return storage.read(OtherGateways.TAKER, SharedJson::name)
                .thenCompose(taker -> isOthers(taker)
                        ? SharedStorage.failed(taker.text() + " is taking it: wait for that, or --force shuts it out")
                        : put());
    }

    private CompletionStage<Void> put() {
        Name now = new Name(me.id(), me.host(), UUID.randomUUID().toString());
        return storage.put(OtherGateways.TAKER, SharedJson.name(now));
    }

    /** Says no more that this gateway is taking the disk; who has begun to take it since goes on saying so. */
    CompletionStage<Void> unsay() {
        return remove(OtherGateways.TAKER);
    }

    /** Asks for the disk no more; who has asked for it since goes on asking. */
    CompletionStage<Void> withdraw() {
        return remove(OtherGateways.REQUEST);
    }

    private CompletionStage<Void> remove(String record) {
        return storage.read(record, SharedJson::name)
                .thenCompose(
                        named -> named.gateway().equals(me.id()) ? storage.put(record, NOTHING) : Backstore.done());
    }
}
