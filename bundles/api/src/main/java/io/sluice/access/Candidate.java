package io.sluice.access;

import io.sluice.config.ChapConfig;
import io.sluice.config.GrantConfig;

/**
 * Somebody who the caller may be, if he proves it.
 *
 * @param host who; null for everybody
 * @param exactness how exactly
 * @param grant what he may then reach of the target; null where no target is asked for, or where everything is open
 */
record Candidate(Host host, Host.Exactness exactness, GrantConfig grant) {

    static final Candidate EVERYBODY = new Candidate(null, Host.Exactness.ANYBODY, null);

    /** Returns what he has to prove, or null. */
    ChapConfig chap() {
        return host == null ? null : host.chap();
    }

    /** Returns whether it is he, of whom a CHAP user has been proven or nothing (null). */
    boolean provenBy(String user) {
        return host == null || host.provenBy(user);
    }
}
