/** Who may log in, and what he may then reach: the rules of a configuration in the form in which a login asks them. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.access;
