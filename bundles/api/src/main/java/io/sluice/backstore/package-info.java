/** The service provider interface for storage: what a backend implements and what the SCSI engine calls. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("2.5.0")
package io.sluice.backstore;
