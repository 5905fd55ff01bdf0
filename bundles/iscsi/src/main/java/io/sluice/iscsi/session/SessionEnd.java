package io.sluice.iscsi.session;

/**
 * How a session came to its end.
 *
 * @param reason the kind
 * @param text all of it, in words for people
 */
public record SessionEnd(EndReason reason, String text) {

    /**
     * Returns an end.
     *
     * @param detail what stands in the words of the reason
     */
    public static SessionEnd of(EndReason reason, String detail) {
        return new SessionEnd(reason, reason.text(detail));
    }
}
