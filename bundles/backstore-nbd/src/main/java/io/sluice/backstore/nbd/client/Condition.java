package io.sluice.backstore.nbd.client;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreHealth.State;

/** How a store is, told to whoever has it when it changes. Changed on the event loop of its link alone. */
final class Condition {

    private final BackstoreContext context;
    private volatile BackstoreHealth health = BackstoreHealth.HEALTHY;

    Condition(BackstoreContext context) {
        this.context = context;
    }

    /** Any thread. */
    BackstoreHealth health() {
        return health;
    }

    void become(State state, String reason) {
        BackstoreHealth next = new BackstoreHealth(state, reason);
        if (!next.equals(health)) {
            health = next;
            context.raise(state == State.FAILED ? BackstoreEvent.LOST : BackstoreEvent.HEALTH_CHANGED);
        }
    }
}
