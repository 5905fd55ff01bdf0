/** Who goes first at the blocks of a volume, whatever protocol is spoken: shared and exclusive claims over ranges. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.volume.claim;
