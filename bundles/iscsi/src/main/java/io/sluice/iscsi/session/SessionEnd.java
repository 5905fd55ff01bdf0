package io.sluice.iscsi.session;

/**
 * How a session came to its end.
 *
 * @param reason the kind
 * @param text all of it, in words for people
 */
public record SessionEnd(EndReason reason, String text) {

    static SessionEnd of(EndReason reason, String detail) {
        return new SessionEnd(reason, reason.text(detail));
    }
}
