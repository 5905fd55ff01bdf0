/** What some stores can do beyond reading, writing and flushing, one small interface each; see {@code Backstore.ability}. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.5.0")
package io.sluice.backstore.ability;
