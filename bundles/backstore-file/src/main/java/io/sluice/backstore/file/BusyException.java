package io.sluice.backstore.file;

import java.io.IOException;

/** The kernel or another process has a block device for itself (EBUSY). */
final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message);
    }
}
