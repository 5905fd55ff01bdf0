package io.sluice.scsi.internal.task;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.unit.UnitAccess;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ended a command into sense data and a log line: the one place for it. */
public final class FaultSense {

    private static final Logger LOG = LoggerFactory.getLogger(FaultSense.class);

    private FaultSense() {}

    /** Returns what really failed, without what stages wrap it in. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns whether the command ends with BUSY status, which has no sense data (SAM-5 5.3.1). */
    public static boolean isBusy(Throwable cause) {
        return cause instanceof NoMemoryException
                || cause instanceof BackstoreException fault && fault.fault() == Fault.BUSY;
    }

    static SenseData of(Throwable cause, RunningTask execution) {
        if (cause instanceof CheckConditionException answer) {
            return answer.senseData();
        }
        if (cause instanceof CancellationException) {
            // An aborted task has no other response; the rest have lost the mapping that they came through.
            return SenseData.of(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        }
        if (cause instanceof BackstoreException fault) {
            execution
                    .unit()
                    .faults()
                    .line(others -> LOG.error(
                            "unit={} {} failed: {}{}", execution.unit().name(), execution, fault.getMessage(), others));
            LOG.debug("unit={} {} failed here", execution.unit().name(), execution, fault);
            UnitAccess access = execution.unit().access();
            boolean over = fault.fault() == Fault.NOT_READY && (access.standby() || !execution.inTime());
            return SenseData.of(over ? access.over() : senseOf(fault));
        }
        LOG.error("unit={} {} met a bug", execution.unit().name(), execution, cause);
        return SenseData.of(Sense.INTERNAL_TARGET_FAILURE);
    }

    private static Sense senseOf(BackstoreException fault) {
        return switch (fault.fault()) {
            case READ_FAILED -> Sense.UNRECOVERED_READ_ERROR;
            case WRITE_FAILED -> Sense.WRITE_ERROR;
            case OUT_OF_SPACE -> Sense.SPACE_ALLOCATION_FAILED_WRITE_PROTECT;
            case WRITE_PROTECTED -> Sense.WRITE_PROTECTED;
            case NOT_READY, BUSY -> Sense.LOGICAL_UNIT_IS_BECOMING_READY;
            case TIMED_OUT -> Sense.COMMAND_TIMEOUT_DURING_PROCESSING;
        };
    }
}
