package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;

/** A call has ended with an error number, which says whether the cluster takes anything from here. */
final class FailedCall extends BackstoreException {

    private static final long serialVersionUID = 1L;

    private final int error;

    FailedCall(String what, int error) {
        super(Fault.NOT_READY, what + ": " + Errors.text(error));
        this.error = error;
    }

    int error() {
        return error;
    }
}
