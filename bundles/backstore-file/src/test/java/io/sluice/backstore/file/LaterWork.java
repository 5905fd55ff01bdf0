package io.sluice.backstore.file;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An executor that runs what it has got when the test says so, in its thread. */
final class LaterWork implements Executor {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean refuses;

    @Override
    public void execute(Runnable work) {
        if (refuses) {
            throw new RejectedExecutionException("full");
        }
        waiting.add(work);
    }

    /** Has it take nothing from now on, or again. */
    void refuse(boolean all) {
        refuses = all;
    }

    int size() {
        return waiting.size();
    }

    void run() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
