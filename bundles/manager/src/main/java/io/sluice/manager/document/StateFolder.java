package io.sluice.manager.document;

import io.sluice.config.ConfigException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of states, and whether this gateway has it: it is the one that the document knows, and nobody else uses it. One thread
 * at a time takes it; any may ask for the problem.
 */
public final class StateFolder implements AutoCloseable {

    private final StateLock lock;
    private final StateMark mark;

    /** Null if this gateway has it. */
    private volatile String problem = "nobody has looked yet whether the folder of states is that of this gateway";

    /**
     * @param document beside which it is kept which folder it is
     * @param folder where states are
     */
    public StateFolder(Path document, Path folder) {
        lock = new StateLock(folder);
        mark = new StateMark(document, folder);
    }

    /**
     * Takes it if it is the one. Another is not even locked.
     *
     * @return what is wrong with it, in one line with what to do; empty if this gateway has it
     * @throws ConfigException if another gateway has it
     */
    public Optional<String> take() throws ConfigException {
        Optional<String> notTheOne = mark.problem();
        if (notTheOne.isEmpty()) {
            lock();
        } else {
            problem = notTheOne.get();
        }
        return notTheOne;
    }

    /**
     * Takes it as it is, and has the document know it from now on.
     *
     * @throws ConfigException if another gateway has it
     */
    public void adopt() throws ConfigException {
        lock();
        mark.keep();
    }

    private void lock() throws ConfigException {
        try {
            lock.take();
            problem = null;
        } catch (ConfigException taken) {
            problem = taken.getMessage();
            throw taken;
        }
    }

    /** Returns why it may be another gateway's, in one line with what to do; empty if this gateway has it. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Lets another gateway have it. */
    @Override
    public void close() {
        lock.close();
    }
}
