package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Task;

/** Who performs the commands that come through a {@link LunMapping}. */
public interface TaskServer {

    /** Performs a command that was addressed to the unit, in the order that its task attribute asks for (SAM-5 8.6). */
    void execute(Task task, LunMapping mapping);

    /**
     * Performs a command of the copy manager, or one that came through another gateway: as that of an initiator, but it reports
     * nothing that belongs to others.
     *
     * @param era when what it belongs to began, by {@link UnitAccess}: it changes nothing in another time
     * @param part whether it is a part of that command, which has what QERR asks for done if it fails (SPC-5 7.5.13)
     * @return aborts it, as long as it has not ended
     */
    Runnable executeInternally(Task task, LunMapping mapping, short era, boolean part);
}
