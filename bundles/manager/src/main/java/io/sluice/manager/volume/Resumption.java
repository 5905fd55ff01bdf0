package io.sluice.manager.volume;

import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson.Name;
import java.time.Duration;

/**
 * When a gateway goes on with a shared disk, without anybody who asks for that: if it served it last, or is the first of all, or was
 * given it; and if it has given it to one that does not take it. Each try is followed by a pause, longer ones when it fails again and
 * again. Touched in turn, but where something else is said.
 */
final class Resumption {

    private final GatewayIdentity me;
    private final Duration untaken;
    private final Backoff pauses = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private long again = System.nanoTime();

    /** When a disk that was given to somebody is taken back if he has not taken it. */
    private long takeBackAt;

    /** To whom this gateway has given the disk last, until it serves it again. */
    private volatile Name gaveTo = Name.NOBODY;

    /** Whether it was tried in vain to take that back: he has taken it, whatever he says. */
    private volatile boolean kept;

    /** Why the disk could not be served although nobody else had it; null if it could. */
    private volatile Throwable inVain;

    /** Who was named as the one that serves the disk then. */
    private volatile Name servedThen = Name.NOBODY;

    /** @param untaken how long somebody may take to take what he was given */
    Resumption(GatewayIdentity me, Duration untaken) {
        this.me = me;
        this.untaken = untaken;
    }

    /** The storage is open. */
    void opened() {
        takeBackAt = System.nanoTime() + untaken.toNanos();
    }

    /** The disk is served here. */
    void served() {
        gaveTo = Name.NOBODY;
        inVain = null;
        pauses.reset();
    }

    /** Somebody has asked for the disk, and it is his from now on, or as soon as it is written that he has it. */
    void gave(Name to) {
        gaveTo = to;
        kept = false;
        takeBackAt = System.nanoTime() + untaken.toNanos();
    }

    /** Returns to whom the disk was given last. Thread-safe. */
    Name gaveTo() {
        return gaveTo;
    }

    /**
     * It was taken, but could not be served.
     *
     * @param server who is named as the one that serves it
     */
    void failedInVain(Throwable why, Name server) {
        servedThen = server;
        inVain = Plugin.cause(why);
        pause();
    }

    /** Returns whether something has failed because the disk could not be served although it was taken. Thread-safe. */
    boolean wasInVain(Throwable failure) {
        return Plugin.cause(failure) == inVain;
    }

    /** It was tried to go on, with or without a failure. */
    void tried(Throwable failure) {
        kept = failure != null;
        if (failure == null || !wasInVain(failure)) {
            pause();
        }
    }

    private void pause() {
        again = System.nanoTime() + pauses.next().toNanos();
    }

    /** Returns whether it is not too early to try what was in vain: the storage would be opened over and over. */
    boolean isRested() {
        return inVain == null || isTime(again);
    }

    private static boolean isTime(long when) {
        return System.nanoTime() - when >= 0;
    }

    /** Returns whether the disk is that of this gateway, or of nobody; who gets it is to take it. */
    boolean isOwn(OtherGateways others) {
        return isMine(others) || others.server().equals(Name.NOBODY);
    }

    /**
     * Returns whether the disk is that of this gateway, or was taken by it in vain, and nobody has served it since or is taking it: who
     * served it may have been shut out for that, and be dead. Thread-safe.
     */
    boolean isOnIt(OtherGateways others) {
        Name taker = others.taker();
        boolean free = taker.equals(Name.NOBODY) || taker.gateway().equals(me.id());
        return isOwn(others) || inVain != null && free && others.server().equals(servedThen);
    }

    /** Returns whether this gateway is named as the one that serves the disk. */
    boolean isMine(OtherGateways others) {
        return others.server().gateway().equals(me.id());
    }

    /** Returns whether this gateway was given the disk by who served it before, and has not begun to serve it. Thread-safe. */
    boolean isGiven(OtherGateways others) {
        return others.given(me);
    }

    /** Returns whether this gateway has given the disk to one that has not begun to serve it. Thread-safe. */
    boolean isUntaken(OtherGateways others) {
        Name given = gaveTo;
        return !given.equals(Name.NOBODY) && others.server().equals(given);
    }

    /**
     * Returns whether nobody serves the disk because this gateway has given it away. Earlier releases never say that they serve what
     * they were given: whoever has it is known by its not being taken back. Thread-safe.
     */
    boolean isUnserved(OtherGateways others) {
        return isUntaken(others) && !kept;
    }

    /** Returns whether it is time to take back what was given: who has asked for it may have died since. */
    boolean mayTakeBack(OtherGateways others) {
        return isUntaken(others) && isTime(takeBackAt) && isTime(again);
    }

    /**
     * Returns whether it is time to go on. Who was given the disk has asked for it, and perhaps does not wait any more: nobody else
     * takes it then.
     */
    boolean mayGoOn(OtherGateways others) {
        return isOnIt(others) && (isTime(again) || isGiven(others) && isRested());
    }
}
