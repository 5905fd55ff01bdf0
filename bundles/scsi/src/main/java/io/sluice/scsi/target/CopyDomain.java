package io.sluice.scsi.target;

import io.sluice.scsi.internal.unit.CopyManager;

/** Logical units that know each other's ROD tokens, so that an initiator can copy from one to another without the data. */
public final class CopyDomain {

    private final CopyManager copyManager = new CopyManager();

    CopyManager copyManager() {
        return copyManager;
    }
}
