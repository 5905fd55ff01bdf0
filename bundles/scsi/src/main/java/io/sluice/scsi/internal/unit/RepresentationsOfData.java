package io.sluice.scsi.internal.unit;

import io.sluice.volume.claim.Claim;
import java.util.concurrent.CopyOnWriteArrayList;

/** The representations of data (RODs) of one unit: a write to their blocks makes them worthless. As many as have tokens. Thread-safe. */
public final class RepresentationsOfData {

    private final CopyOnWriteArrayList<RepresentationOfData> all = new CopyOnWriteArrayList<>();

    /** Takes notice of a representation that a token is made for. */
    public void add(RepresentationOfData representation) {
        all.add(representation);
    }

    void remove(RepresentationOfData representation) {
        all.remove(representation);
    }

    /** Takes notice that the blocks of a claim are about to change. */
    public void changed(Claim blocks) {
        if (!all.isEmpty()) {
            blocks.ranges(this::changed);
        }
    }

    /** Takes notice that blocks are about to change, from one LBA to just before another. */
    public void changed(long from, long to) {
        if (!all.isEmpty()) {
            for (RepresentationOfData representation : all) {
                if (representation.overlaps(from, to)) {
                    representation.revoke();
                    all.remove(representation);
                }
            }
        }
    }
}
