package io.sluice.access;

/** Knows the secrets that a configuration names. */
@FunctionalInterface
public interface Secrets {

    /** Returns a secret, or null if there is none of that name that can be used. */
    byte[] find(String name);
}
