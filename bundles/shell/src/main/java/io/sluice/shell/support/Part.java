package io.sluice.shell.support;

import java.util.Objects;

/**
 * One file of a support bundle.
 *
 * @param name its path in the bundle
 * @param source what reads it; called once, by a thread that may wait
 */
public record Part(String name, Source source) {

    /** Reads the text of a part, with no secret in it. */
    @FunctionalInterface
    public interface Source {

        /** Returns the text; what it throws is noted in the bundle. */
        String read() throws Exception;
    }

    public Part {
        Objects.requireNonNull(name);
        Objects.requireNonNull(source);
    }
}
