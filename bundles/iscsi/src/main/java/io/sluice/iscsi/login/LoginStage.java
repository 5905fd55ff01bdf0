package io.sluice.iscsi.login;

/** Stages of a login (RFC 7143 11.12.3). */
public enum LoginStage {
    SECURITY_NEGOTIATION(0),
    OPERATIONAL_NEGOTIATION(1),
    FULL_FEATURE_PHASE(3);

    private final int code;

    LoginStage(int code) {
        this.code = code;
    }

    /** Returns the two bits that go over the wire. */
    public int code() {
        return code;
    }

    /**
     * Returns the stage of two bits.
     *
     * @throws LoginException for the reserved value
     */
    static LoginStage of(int code) throws LoginException {
        for (LoginStage stage : values()) {
            if (stage.code == code) {
                return stage;
            }
        }
        throw new LoginException(LoginStatus.INITIATOR_ERROR, "stage " + code + " is reserved");
    }
}
