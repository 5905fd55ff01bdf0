package io.sluice.scsi.internal.unit;

import io.sluice.metrics.CommandKind;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;

/**
 * Where the commands of a nexus through one of its LUNs are counted.
 *
 * @param lun with those of others through the same LUN of the target
 * @param initiator with those of the same initiator through other LUNs
 */
public record Traffic(LunTraffic lun, InitiatorTraffic initiator) {

    /**
     * Counts a command that is about to be answered, so that whoever has the answer finds it counted.
     *
     * @param transferLength bytes that it moves if it succeeds, as far as the initiator takes or has offered them
     * @param nanos how long it took
     */
    public void answered(Task task, Status status, byte[] sense, long transferLength, long nanos) {
        CommandKind kind = CountedKinds.of(task.cdb());
        long bytes = status == Status.GOOD ? moved(kind, task, transferLength) : 0;
        lun.answered(kind, nanos, bytes, status, sense);
        initiator.answered(kind, bytes);
    }

    private static long moved(CommandKind kind, Task task, long transferLength) {
        return switch (kind) {
            case READ -> Math.min(transferLength, task.dataInLength());
            case WRITE -> Math.min(transferLength, task.dataOutLength());
            case FLUSH, OTHER -> 0;
        };
    }

    /** Counts a command that is not answered, because somebody has ended it. */
    public void aborted() {
        lun.aborted();
    }
}
