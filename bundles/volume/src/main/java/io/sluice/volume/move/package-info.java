/** Copies the blocks of a volume to another store while hosts write. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.sluice.volume.move;
