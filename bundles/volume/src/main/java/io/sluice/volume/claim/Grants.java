package io.sluice.volume.claim;

import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets claims go on that have been granted, one after the other in the thread that made it possible. One that leaves at once
 * and so lets the next one go on takes no stack, however many there are.
 */
final class Grants {

    private static final Logger LOG = LoggerFactory.getLogger(Grants.class);

    /** What is to go on in a thread that is inside {@link #run} already. */
    private static final ThreadLocal<ArrayDeque<Claim>> RUNNING = new ThreadLocal<>();

    private Grants() {}

    static void run(List<Claim> granted) {
        if (granted.isEmpty()) {
            return;
        }
        ArrayDeque<Claim> running = RUNNING.get();
        if (running != null) {
            running.addAll(granted);
            return;
        }
        ArrayDeque<Claim> queue = new ArrayDeque<>(granted);
        RUNNING.set(queue);
        try {
            for (Claim next = queue.poll(); next != null; next = queue.poll()) {
                tell(next);
            }
        } finally {
            RUNNING.remove();
        }
    }

    /** Whoever fails here keeps nobody else from going on. */
    private static void tell(Claim claim) {
        try {
            claim.claimant().granted(claim);
        } catch (Throwable bug) {
            LOG.error("a claim was granted, and its claimant failed", bug);
        }
    }
}
