/** What the gateway counts: the families of numbers that others read, who has them, and what hosts have done as records. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.metrics;
