package io.sluice.itests;

import java.util.List;

/** The families of libiscsi's suite that are about blocks: what it finds depends on where these are kept. */
final class BlockFamilies {

    static final List<String> ALL = List.of(
            "SCSI.Read10",
            "SCSI.Read16",
            "SCSI.Write10",
            "SCSI.Write16",
            "SCSI.WriteSame10",
            "SCSI.WriteSame16",
            "SCSI.Unmap",
            "SCSI.CompareAndWrite",
            "SCSI.GetLBAStatus",
            "SCSI.OrWrite",
            "SCSI.Verify10",
            "SCSI.WriteAtomic16",
            "SCSI.ExtendedCopy");

    private BlockFamilies() {}
}
