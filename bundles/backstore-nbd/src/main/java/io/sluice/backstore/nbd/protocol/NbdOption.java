package io.sluice.backstore.nbd.protocol;

/** What a client asks for in the handshake ("Option types" of the NBD protocol). */
public enum NbdOption {
    STARTTLS(5),
    GO(7),
    STRUCTURED_REPLY(8),
    SET_META_CONTEXT(10);

    private final int code;

    NbdOption(int code) {
        this.code = code;
    }

    /** Returns the number on the wire. */
    public int code() {
        return code;
    }
}
