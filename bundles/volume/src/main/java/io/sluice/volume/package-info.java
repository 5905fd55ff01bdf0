/** The one way to the blocks of a configured disk, for every protocol. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.sluice.volume;
