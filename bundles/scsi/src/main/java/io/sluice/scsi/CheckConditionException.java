package io.sluice.scsi;

import java.util.Objects;

/** One command ends with CHECK CONDITION status. Carries no stack trace: it is an answer, not an accident. */
public final class CheckConditionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient SenseData senseData;

    /** @param senseData what the initiator is told */
    public CheckConditionException(SenseData senseData) {
        super(senseData.sense().name(), null, false, false);
        this.senseData = Objects.requireNonNull(senseData);
    }

    /** @param sense what the initiator is told */
    public CheckConditionException(Sense sense) {
        this(SenseData.of(sense));
    }

    /** Returns what the initiator is told. */
    public SenseData senseData() {
        return senseData;
    }
}
