package io.sluice.manager.volume;

import java.time.Duration;

/**
 * How long is waited where a disk is had by another gateway too.
 *
 * @param storage for each answer of the storage that both have
 * @param given for who serves the disk to give it, when an operator asks for that
 * @param asked for who serves the disk to begin to give it, when an initiator asks for that, and three times that until it is given;
 *     then it is shut out. Not at all: it is shut out at once
 * @param untaken for who has asked for the disk to take it when it has been given; then it is taken back
 * @param initiator for the disk to be served here when an initiator asks for that; hosts give a command of theirs 30 seconds
 */
public record SharingPatience(Duration storage, Duration given, Duration asked, Duration untaken, Duration initiator) {

    /** What suits hosts and people. */
    public static final SharingPatience DEFAULTS = new SharingPatience(
            Duration.ofSeconds(8),
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20));

    /** Returns how long a gateway may say that it is taking the disk; one that says so for longer has died over it. */
    Duration taking() {
        return initiator.plus(given);
    }
}
