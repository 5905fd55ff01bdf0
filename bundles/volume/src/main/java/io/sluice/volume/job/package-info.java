/** Long work on a volume: erasing, copying, moving. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.volume.job;
