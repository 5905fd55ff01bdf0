package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.volume.SharingPatience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

/** A takeover that is given up, because the storage or who serves the disk takes its time: what comes of it in the end. */
public class SharedTakeoverTest extends SharedCommandsFixture {

    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration UNTAKEN = Duration.ofMillis(500);

    /** Who waits longer than the others, of the storage, the operator and the initiator, is given up. */
    private void be(Duration storage, Duration given, Duration initiator) throws Exception {
        second.sharing = new SharingPatience(storage, given, Duration.ZERO, UNTAKEN, initiator);
        second.restart();
        second.gateway.addProvider(place.provider());
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        there = logIn(second, SECOND, 1);
    }

    private SimpleTask take() {
        return takeBySecond();
    }

    private boolean saysThatItTakes() {
        return place.records.containsKey("taker");
    }

    private void expectServedBySecond(String before) throws Exception {
        Eventually.isEqual(State.ONLINE, () -> second.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
        assertEquals("", second.status(DISK).problem());
        assertFalse(server().equals(before));
        assertFalse(saysThatItTakes());
        assertFalse(place.records.containsKey("request"));
        settle(second, there);
        assertEquals("GOOD", send(second, there, READ, new byte[0]).end());
        settle(first, here);
        assertEquals(STANDS_BY, send(first, here, READ, new byte[0]).end());
    }

    private void expectServedByFirst(String server) throws Exception {
        assertEquals(State.ONLINE, first.stateOf(DISK));
        assertEquals("", first.status(DISK).problem());
        assertEquals(State.STANDBY, second.stateOf(DISK));
        assertEquals("", second.status(DISK).problem());
        assertEquals(server, server());
        assertEquals("GOOD", send(first, here, READ, new byte[0]).end());
        assertEquals(STANDS_BY, send(second, there, READ, new byte[0]).end());
    }

    /** The initiator waits no more, but the storage is still on it. */
    @Test
    public void whatIsTakenAfterTheInitiatorHasGivenUpIsServed() throws Exception {
        be(LONG, LONG, SOON);
        String before = server();
        place.takesLate = true;
        assertEquals(FAILED, take().end());
        expectServedByFirst(before);
        place.late.complete(null);
        expectServedBySecond(before);
    }

    /** Without this the one would be shut out, and the other one would have what it does not serve. */
    @Test
    public void whatIsTakenAfterTheStorageWasGivenUpIsServed() throws Exception {
        be(SOON, LONG, LONG);
        String before = server();
        place.takesLate = true;
        assertEquals(FAILED, take().end());
        expectServedByFirst(before);
        assertEquals(
                "a look",
                "GOOD",
                send(second, there, REPORT_GROUPS, new byte[0]).end());
        assertTrue("it may still be taken", saysThatItTakes());
        place.late.complete(null);
        expectServedBySecond(before);
        assertEquals(
                1,
                second.logged("a takeover that was given up has been answered").size());
    }

    @Test
    public void whatCannotBeTakenInTheEndIsAsItWas() throws Exception {
        be(SOON, LONG, LONG);
        String before = server();
        place.takesLate = true;
        assertEquals(FAILED, take().end());
        place.late.completeExceptionally(new IllegalStateException("the storage has lost its way"));
        Eventually.isEqual(false, this::saysThatItTakes);
        expectServedByFirst(before);
        assertEquals(0, place.shutOut);
        place.takesLate = false;
        assertEquals("GOOD", take().end());
        expectServedBySecond(before);
    }

    /** Something else was to be done before, and that has taken too long: nobody is shut out for who has gone. */
    @Test
    public void whatHasNotBegunIsNotTaken() throws Exception {
        be(LONG, LONG, SOON);
        String before = server();
        place.readLate = name -> name.equals("server");
        int reads = place.reads.get("server");
        // One of them is of the gateway that serves the disk.
        Eventually.isTrue(() -> place.reads.get("server") >= reads + 2);
        assertEquals(FAILED, take().end());
        place.readLate = name -> false;
        place.late.complete(null);
        assertEquals("GOOD", send(second, there, REPORT_GROUPS, new byte[0]).end());
        expectServedByFirst(before);
        assertFalse(saysThatItTakes());
        assertEquals(0, place.shutOut);
    }

    /** It had the ports that its successor has, and cannot say that it is gone. */
    @Test
    public void aGatewayThatWasReplacedIsForgottenByForce() throws Exception {
        String before = server();
        byte[] own = ownRecord();
        String id = SharedJson.other(own).name().gateway();
        String old = "0".repeat(id.length());
        place.records.put(
                "gateway." + old,
                new String(own, StandardCharsets.UTF_8).replace(id, old).getBytes(StandardCharsets.UTF_8));
        Eventually.isTrue(() -> second.status(DISK).problem().contains("is there at"));
        assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, false));
        assertFalse(place.records.containsKey("request"));
        assertEquals(State.ONLINE, first.stateOf(DISK));
        second.gateway.takeOverBackstore(DISK, true);
        assertFalse(place.records.containsKey("gateway." + old));
        expectServedBySecond(before);
    }

    @Test
    public void whoServedItLastTriesMoreThanOnce() throws Exception {
        place.refusals.set(2);
        first.restart();
        first.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> first.status(DISK).problem().contains("on purpose"));
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        assertEquals("", first.status(DISK).problem());
        assertFalse(saysThatItTakes());
    }

    /** Another one has taken the disk after this one had looked who serves it, and says no more that it is taking it. */
    @Test
    public void whoServedItLastTakesItBackFromNobody() throws Exception {
        String before = server();
        int asked = place.reads.get("taker");
        AtomicBoolean late = new AtomicBoolean(true);
        place.readLate = name -> name.equals("taker") && late.getAndSet(false);
        first.restart();
        first.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> place.reads.get("taker") > asked);
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(0, place.shutOut);
        place.readLate = name -> false;
        place.late.complete(null);
        int reads = place.reads.get("server");
        Eventually.isTrue(() -> place.reads.get("server") >= reads + 4);
        assertEquals(0, place.shutOut);
        here = logIn(first, FIRST, 1);
        expectServedBySecond(before);
    }

    /** Who gives it has writes to flush, and this one has just lost its storage. */
    @Test
    public void whoGivesItIsNotShutOut() throws Exception {
        be(LONG, Duration.ofSeconds(1), LONG);
        String before = server();
        place.closesLate = true;
        assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, false));
        second.restart();
        second.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> second.status(DISK).problem().contains("has let go of it"));
        int reads = place.reads.get("server");
        Eventually.isTrue(() -> place.reads.get("server") >= reads + 6);
        assertEquals(0, place.shutOut);
        place.late.complete(null);
        Eventually.isEqual(State.ONLINE, () -> second.stateOf(DISK));
        there = logIn(second, SECOND, 1);
        expectServedBySecond(before);
        assertEquals(0, place.shutOut);
    }

    /** What has the right to the blocks is closed before the takeover has come to its end, and what is open then has it not. */
    @Test
    public void whatIsClosedWhileItIsTakenIsTakenAgain() throws Exception {
        String before = server();
        place.writtenLate = name -> name.equals("taker") && isServedByAnother(before);
        CompletableFuture<Void> taken = CompletableFuture.runAsync(() -> {
            try {
                second.gateway.takeOverBackstore(DISK, false);
            } catch (ConfigException refused) {
                throw new CompletionException(refused);
            }
        });
        Eventually.isTrue(() -> isServedByAnother(before));
        int opened = place.opened.get();
        place.lose();
        Eventually.isEqual(State.AWAY, () -> second.stateOf(DISK));
        place.writtenLate = name -> false;
        place.late.complete(null);
        Eventually.isTrue(() -> place.opened.get() > opened);
        taken.get(30, TimeUnit.SECONDS);
        expectServedBySecond(before);
    }

    private boolean isServedByAnother(String before) {
        try {
            SharedJson.Name server = SharedJson.name(place.records.get("server"));
            return !server.gateway().equals(before) && !server.term().isEmpty();
        } catch (IOException wrong) {
            throw new UncheckedIOException(wrong);
        }
    }

    /** As another one does that this gateway does not hear of. */
    @Test
    public void whoeverIsNotNamedServesItNoMore() throws Exception {
        assertEquals("GOOD", send(first, here, READ, new byte[0]).end());
        place.records.put("server", SharedJson.name(SharedJson.name(ownRecord())));
        Eventually.isEqual(State.ONLINE, () -> second.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        assertEquals(0, place.shutOut);
        assertEquals(1, second.logged("it is served here no more").size());
    }

    /** A gateway has died while it was about to take the disk. */
    @Test
    public void whoWasTakingItInAnotherLifeSaysSoNoMore() throws Exception {
        place.records.put("taker", SharedJson.name(SharedJson.name(ownRecord())));
        Eventually.isEqual(false, this::saysThatItTakes);
        expectServedByFirst(server());
    }

    private byte[] ownRecord() throws Exception {
        String serving = server();
        String name = place.records.keySet().stream()
                .filter(record -> record.startsWith("gateway.") && !record.endsWith(serving))
                .findFirst()
                .orElseThrow();
        return place.records.get(name);
    }

    /** It ends its commands and closes the storage, and that takes longer than the operator waits. */
    @Test
    public void whatIsGivenAfterTheOperatorHasGivenUpIsServed() throws Exception {
        be(LONG, Duration.ofSeconds(2), LONG);
        String before = server();
        place.closesLate = true;
        ConfigException late = assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, false));
        assertEquals(
                "backstore disk0 is not taken over: it is served here as soon as who gives it has let go of it,"
                        + " or with --force: somebody has it",
                late.getMessage());
        Eventually.isTrue(() -> second.status(DISK).problem().contains("has let go of it"));
        assertEquals(State.STANDBY, second.stateOf(DISK));
        assertEquals(State.AWAY, first.stateOf(DISK));
        int lines = second.logged("has let go of it").size();
        int reads = place.reads.get("server");
        Eventually.isTrue(() -> place.reads.get("server") >= reads + 3);
        assertEquals("it is said once", lines, second.logged("has let go of it").size());
        place.late.complete(null);
        expectServedBySecond(before);
        assertEquals(0, place.shutOut);
    }
}
