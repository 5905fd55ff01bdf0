package com.example.vhd;

import java.io.IOException;

/** A file is not a VHD that can be used. The message goes behind the path: what is wrong with it, and what to do. */
final class VhdException extends IOException {

    private static final long serialVersionUID = 1L;

    VhdException(String message) {
        super(message);
    }
}
