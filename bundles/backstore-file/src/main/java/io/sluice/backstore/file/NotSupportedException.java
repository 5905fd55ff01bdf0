package io.sluice.backstore.file;

import java.io.IOException;

/** The file system does not know a call at all (EOPNOTSUPP), which no later try changes. */
final class NotSupportedException extends IOException {

    private static final long serialVersionUID = 1L;

    NotSupportedException(String message) {
        super(message);
    }
}
