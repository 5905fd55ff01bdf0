package io.sluice.iscsi.session;

/** Why a session ends, in words for people; {@code %s} stands for what only the place that decides knows. */
public enum EndReason {
    LOGGED_OUT("the initiator logged out"),
    LOGGED_OUT_TOO_EARLY("the initiator logged out, and its commands did not end in time"),
    CLOSED_BY_INITIATOR("the initiator closed the connection"),
    CONNECTION_BROKE("the connection broke: %s"),
    NO_ANSWER("the initiator did not answer a ping for %s"),
    ANSWERS_NOT_TAKEN("the initiator did not take its answers for %s"),
    ANSWERS_NOT_ACKNOWLEDGED("the initiator did not acknowledge answers for %s"),
    DATA_MISSING("the initiator did not send data that it was asked for: %s"),
    PROTOCOL_ERROR("the initiator sent what the protocol does not allow: %s"),
    REPLACED("a new login of the same initiator replaced it, from %s"),
    CLOSED_BY_OPERATOR("an operator closed it"),
    TARGET_DELETED("its target was deleted"),
    TARGET_DISABLED("its target was disabled"),
    TARGET_RESET("its target was reset by %s"),
    ACCESS_TAKEN_AWAY("it may not use its target any more"),
    GATEWAY_STOPS("the gateway stops"),
    TRANSPORT_RESTARTS("the iSCSI server restarts, with other settings or another version"),
    DISCOVERY_TOO_LONG("the discovery took too long"),
    COMMANDS_MISSING("commands that a lost connection should have brought did not come for %s"),
    BUG("Sluice has a bug, which the log shows: %s");

    private final String words;

    EndReason(String words) {
        this.words = words;
    }

    /** Returns the words with what is known besides; without {@code %s} the detail is not used. */
    String text(String detail) {
        return words.replace("%s", detail);
    }
}
