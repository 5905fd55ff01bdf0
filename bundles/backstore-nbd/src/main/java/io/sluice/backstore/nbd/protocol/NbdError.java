package io.sluice.backstore.nbd.protocol;

import io.sluice.backstore.Fault;

/** Why a server could not do what it was asked ("Error values" of the NBD protocol), and what that is here. */
public enum NbdError {
    EPERM(1, Fault.READ_FAILED, Fault.WRITE_PROTECTED),
    EIO(5, Fault.READ_FAILED, Fault.WRITE_FAILED),
    ENOMEM(12, Fault.BUSY, Fault.WRITE_FAILED),
    EINVAL(22, Fault.READ_FAILED, Fault.WRITE_FAILED),
    ENOSPC(28, Fault.READ_FAILED, Fault.OUT_OF_SPACE),
    EOVERFLOW(75, Fault.READ_FAILED, Fault.WRITE_FAILED),
    ENOTSUP(95, Fault.READ_FAILED, Fault.WRITE_FAILED),
    /** The server is about to go: the request has a new connection to wait for. */
    ESHUTDOWN(108, Fault.NOT_READY, Fault.NOT_READY);

    private final int code;
    private final Fault ofRead;
    private final Fault ofChange;

    NbdError(int code, Fault ofRead, Fault ofChange) {
        this.code = code;
        this.ofRead = ofRead;
        this.ofChange = ofChange;
    }

    /** Returns the error of a number on the wire; one that nobody knows counts as EINVAL. */
    public static NbdError of(int code) {
        for (NbdError error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return EINVAL;
    }

    /** Returns what it means for a command. */
    public Fault fault(NbdCommand command) {
        return switch (command) {
            case FLUSH -> Fault.WRITE_FAILED;
            case WRITE, WRITE_ZEROES -> ofChange;
            case READ, BLOCK_STATUS, DISC -> ofRead;
        };
    }
}
