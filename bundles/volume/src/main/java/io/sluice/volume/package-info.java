/** The one way to the blocks of a configured disk, for every protocol. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.2.0")
package io.sluice.volume;
