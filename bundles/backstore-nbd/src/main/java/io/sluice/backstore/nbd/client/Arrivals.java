package io.sluice.backstore.nbd.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Requests on their way from any thread to the event loop, which is woken once for as many as come meanwhile. Thread-safe. */
final class Arrivals {

    private final Queue<NbdRequest> requests = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Executor loop;
    private final Runnable taker;

    /** @param taker takes them all, on the event loop */
    Arrivals(Executor loop, Runnable taker) {
        this.loop = loop;
        this.taker = taker;
    }

    /** Adds a request; false if the event loop has ended, and will take nothing any more. */
    boolean add(NbdRequest request) {
        requests.add(request);
        if (awake.compareAndSet(false, true)) {
            try {
                loop.execute(taker);
            } catch (RejectedExecutionException ended) {
                awake.set(false);
                return false;
            }
        }
        return true;
    }

    /** Hands over what has come. */
    void takeAll(Consumer<NbdRequest> to) {
        awake.set(false);
        for (NbdRequest request = requests.poll(); request != null; request = requests.poll()) {
            to.accept(request);
        }
    }
}
