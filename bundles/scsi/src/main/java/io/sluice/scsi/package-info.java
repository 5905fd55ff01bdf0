/** The words of the SCSI engine: tasks, nexuses, logical unit numbers and sense data (SAM-5, SPC-5). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.3.0")
package io.sluice.scsi;
