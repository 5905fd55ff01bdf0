/** What is composed: targets, the logical units that are mapped into them, and their nexuses (SAM-5 4.6). */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.3.0")
package io.sluice.scsi.target;
