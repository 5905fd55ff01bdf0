package io.sluice.manager;

import io.sluice.manager.job.Work;
import java.util.OptionalDouble;

/** A move as work that goes on. */
record Moving(Move move) implements Work {

    @Override
    public OptionalDouble progress() {
        return OptionalDouble.of(move.status().progress());
    }

    @Override
    public String problem() {
        return move.status().problem();
    }

    @Override
    public String lasting() {
        return "";
    }

    @Override
    public void cancel() {
        move.cancel();
    }
}
