package io.sluice.backstore.file;

import java.io.IOException;

/** The system does not know what it was asked for (EINVAL). */
final class InvalidRequestException extends IOException {

    private static final long serialVersionUID = 1L;

    InvalidRequestException(String message) {
        super(message);
    }
}
