/** The management service, and the status records that it answers with. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("4.7.0")
package io.sluice.management;
