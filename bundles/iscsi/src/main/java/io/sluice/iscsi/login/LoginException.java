package io.sluice.iscsi.login;

import io.sluice.config.RedirectConfig;
import io.sluice.iscsi.text.TextKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A login is refused: the initiator gets the status, then the connection is closed. Carries no stack trace. */
public final class LoginException extends Exception {

    private static final long serialVersionUID = 1L;

    private final LoginStatus status;
    private final transient List<Map.Entry<String, String>> pairs;

    /**
     * @param status what the initiator is told
     * @param message what the log says
     */
    public LoginException(LoginStatus status, String message) {
        this(status, message, List.of());
    }

    private LoginException(LoginStatus status, String message, List<Map.Entry<String, String>> pairs) {
        super(message, null, false, false);
        this.status = Objects.requireNonNull(status);
        this.pairs = pairs;
    }

    /** The target is elsewhere (RFC 7143 11.13.5, class 1). */
    static LoginException redirect(RedirectConfig redirect) {
        return new LoginException(
                redirect.permanent() ? LoginStatus.MOVED_PERMANENTLY : LoginStatus.MOVED_TEMPORARILY,
                "sent to " + redirect.address(),
                List.of(Map.entry(TextKey.TARGET_ADDRESS.key(), redirect.address())));
    }

    /** Returns what the initiator is told. */
    public LoginStatus status() {
        return status;
    }

    /** Returns the text that goes with the status. */
    public List<Map.Entry<String, String>> pairs() {
        return pairs;
    }
}
