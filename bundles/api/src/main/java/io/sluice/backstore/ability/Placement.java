package io.sluice.backstore.ability;

import org.osgi.annotation.versioning.ConsumerType;

/** The store can tell the operator what its blocks are kept on. Constant while it is open; neither method waits. */
@ConsumerType
public interface Placement {

    /** Returns what it is, in a few words, such as {@code "a file on ext4"}. */
    String medium();

    /** Returns what a flush does not promise there, one line; empty where it promises what that of a disk does. */
    String caution();
}
