/** The gateway's configuration as immutable, validated records. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.0.0")
package io.sluice.config;
