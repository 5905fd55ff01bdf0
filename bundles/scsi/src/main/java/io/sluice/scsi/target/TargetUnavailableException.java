package io.sluice.scsi.target;

/** A target opens no I_T nexus now. */
public final class TargetUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean gone;

    TargetUnavailableException(String message, boolean gone) {
        super(message, null, false, false);
        this.gone = gone;
    }

    /** Returns whether the target is no longer there; otherwise it is disabled and may come back. */
    public boolean gone() {
        return gone;
    }
}
