/** The SCSI engine as a transport and a composition root see it: targets, logical units, nexuses and tasks (SAM-5). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.sluice.scsi;
