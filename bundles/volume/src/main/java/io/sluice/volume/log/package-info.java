/** Log lines that neither an initiator nor a broken store can make endless. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.volume.log;
