/** How fast operations begin: limits of operations and bytes a second, with a burst, for whoever has one to keep. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.backstore.pace;
