/** The gateway's configuration as immutable, validated records. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.6.0")
package io.sluice.config;
