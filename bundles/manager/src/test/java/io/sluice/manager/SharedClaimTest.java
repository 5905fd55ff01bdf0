package io.sluice.manager;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.volume.SharingPatience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

/** What gateways say of who is taking a disk, and who asks for it; and what becomes of that if who has said it is gone. */
public class SharedClaimTest extends SharedCommandsFixture {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final byte[] OF_STRANGER = SharedJson.name(new Name(STRANGER, "gone", "a term"));

    private void beFirst(Duration storage, Duration initiator, Duration given, Duration untaken) throws Exception {
        first.sharing = new SharingPatience(storage, given, Duration.ofSeconds(1), untaken, initiator);
        first.restart();
        first.gateway.addProvider(place.provider());
    }

    /** Who has just been shut out comes back before the other one has said that it serves the disk. */
    @Test
    public void thatAnotherOneIsTakingItIsLeftAlone() throws Exception {
        place.records.put("taker", OF_STRANGER);
        place.refusals.set(Integer.MAX_VALUE);
        place.lose();
        Eventually.isTrue(() -> first.status(DISK).problem().contains("gateway " + STRANGER + " on gone is taking it"));
        assertArrayEquals(OF_STRANGER, place.records.get("taker"));
        assertEquals(State.STANDBY, first.stateOf(DISK));
        place.refusals.set(0);
        place.records.remove("taker");
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
    }

    /** Two do so at the same time, and one of them in vain. */
    @Test
    public void whoHasNotTakenItLeavesWhatAnotherOneSays() throws Exception {
        place.beforeTake = () -> place.records.put("taker", OF_STRANGER);
        place.refusals.set(1);
        assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, true));
        assertArrayEquals(OF_STRANGER, place.records.get("taker"));
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(State.ONLINE, second.stateOf(DISK));
        assertArrayEquals(OF_STRANGER, place.records.get("taker"));
    }

    /** The one who has asked for it is gone, and that it is his was written when nobody waited for that any more. */
    @Test
    public void whatIsWrittenLateIsTakenBackToo() throws Exception {
        beFirst(Duration.ofMillis(300), LONG, LONG, Duration.ofMillis(200));
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        String before = server();
        AtomicBoolean late = new AtomicBoolean(true);
        place.writtenLast = name -> name.equals("server") && late.getAndSet(false);
        introduceStranger();
        place.records.put("request", OF_STRANGER);
        Eventually.isTrue(() -> first.stateOf(DISK) == State.AWAY);
        assertEquals(before, server());
        place.last.complete(null);
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        assertEquals(before, server());
        assertEquals(1, second.logged("has not taken it").size());
    }

    /** It has asked for it in an earlier life. */
    @Test
    public void whatNobodyHereWantsIsNotAskedForAnyMore() throws Exception {
        first.gateway.close();
        place.records.put("request", SharedJson.name(SharedJson.name(ownRecord())));
        Eventually.isEqual(false, () -> place.records.containsKey("request"));
        assertEquals(State.STANDBY, second.stateOf(DISK));
    }

    /** Who asks is not one of those that have the disk. */
    @Test
    public void whoIsNotThereIsGivenNothing() throws Exception {
        String before = server();
        int opened = place.opened.get();
        int reads = place.reads.get("request");
        place.records.put("request", OF_STRANGER);
        Eventually.isTrue(() -> place.reads.get("request") >= reads + 4);
        assertEquals(before, server());
        assertEquals(opened, place.opened.get());
        assertEquals(State.ONLINE, first.stateOf(DISK));
        introduceStranger();
        Eventually.isEqual(STRANGER, () -> server());
    }

    @Test
    public void whoLeavesAsksNoMore() throws Exception {
        place.readLate = name -> name.equals("names");
        first.gateway.close();
        second.gateway.deleteTarget(new IscsiName(SECOND), true);
        place.records.put("request", SharedJson.name(SharedJson.name(ownRecord())));
        second.gateway.deleteBackstore(DISK);
        assertFalse(place.records.containsKey("request"));
    }

    private byte[] ownRecord() throws Exception {
        String serving = server();
        return place.records.get(place.records.keySet().stream()
                .filter(record -> record.startsWith("gateway.") && !record.endsWith(serving))
                .findFirst()
                .orElseThrow());
    }

    private void introduceStranger() {
        place.records.put("gateway." + STRANGER, SharedJson.presence(new GatewayIdentity(STRANGER, "gone"), List.of()));
    }

    /** Who served it was shut out for that, and has died. */
    @Test
    public void whatWasTakenInVainIsTakenAgain() throws Exception {
        place.notWritten = name -> name.equals("server");
        first.gateway.close();
        assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, true));
        Eventually.isTrue(() -> second.status(DISK).problem().contains("on purpose"));
        place.notWritten = name -> false;
        Eventually.isEqual(State.ONLINE, () -> second.stateOf(DISK));
        Eventually.isEqual("", () -> second.status(DISK).problem());
    }

    @Test
    public void whoHasDiedWhileItWasTakingItIsNotWaitedForForEver() throws Exception {
        place.records.put("taker", OF_STRANGER);
        beFirst(LONG, Duration.ofSeconds(1), Duration.ofSeconds(1), LONG);
        Eventually.isTrue(() -> first.status(DISK).problem().contains("is taking it"));
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
    }
}
