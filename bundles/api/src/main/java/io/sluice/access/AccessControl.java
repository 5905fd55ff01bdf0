package io.sluice.access;

import org.osgi.annotation.versioning.ProviderType;

/** Gives the rules of the moment; the manager offers it as a service. Without one nobody is let in. Any thread may call. */
@ProviderType
@FunctionalInterface
public interface AccessControl {

    /** Returns the present rules. */
    AccessRules rules();
}
