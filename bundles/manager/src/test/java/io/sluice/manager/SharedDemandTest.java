package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.GatewayIdentity;
import io.sluice.manager.document.SharedJson;
import io.sluice.manager.document.SharedJson.Name;
import io.sluice.manager.volume.SharingPatience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.Test;

/** An initiator wants the disk at the gateway that stands by: who serves it is asked first, and shut out if it does not hear that. */
public class SharedDemandTest extends SharedCommandsFixture {

    private static final int TURNS = 10;
    private static final Duration LONG = Duration.ofMinutes(1);

    /** The first gateway serves the disk, and takes it back soon if it is given to somebody who does not take it. */
    private void beImpatient() throws Exception {
        first.sharing = new SharingPatience(LONG, LONG, Duration.ofSeconds(1), Duration.ofMillis(200), LONG);
        first.restart();
        first.gateway.addProvider(place.provider());
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        here = logIn(first, FIRST, 1);
    }

    private void ask(String gateway) {
        place.records.put("gateway." + gateway, SharedJson.presence(new GatewayIdentity(gateway, "gone"), List.of()));
        place.records.put("request", SharedJson.name(new Name(gateway, "gone", "")));
    }

    /** Repeats what is answered with a unit attention. */
    private static void expectTaken(Supplier<SimpleTask> take) throws Exception {
        String end = take.get().end();
        while (end.startsWith("CHECK_CONDITION 06")) {
            end = take.get().end();
        }
        assertEquals("GOOD", end);
    }

    /** Each that is shut out is so for days, and hosts that do not agree would fill the list of that. */
    @Test
    public void hostsThatTakeItInTurnShutNobodyOut() throws Exception {
        for (int i = 0; i < TURNS; i++) {
            expectTaken(this::takeBySecond);
            assertEquals(State.ONLINE, second.stateOf(DISK));
            expectTaken(this::takeByFirst);
            assertEquals(State.ONLINE, first.stateOf(DISK));
        }
        assertEquals(0, place.shutOut);
        assertFalse(place.records.containsKey("request"));
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        settle(first, here);
        settle(second, there);
        assertEquals("GOOD", send(first, here, READ, new byte[0]).end());
        assertEquals(STANDS_BY, send(second, there, READ, new byte[0]).end());
    }

    /** Its storage is being opened anew, which is no reason to refuse. */
    @Test
    public void whoHasJustLostItByForceIsGivenItBack() throws Exception {
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(1, place.shutOut);
        Eventually.isEqual(STANDS_BY, () -> send(first, here, READ, new byte[0]).end());
        expectTaken(this::takeByFirst);
        assertEquals(1, place.shutOut);
        assertEquals(State.ONLINE, first.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
    }

    @Test
    public void whoDoesNotHearIsShutOut() throws Exception {
        String before = server();
        place.readLate = name -> name.equals("request");
        assertEquals("GOOD", takeBySecond().end());
        assertEquals(1, place.shutOut);
        place.readLate = name -> false;
        place.late.complete(null);
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        assertEquals(State.ONLINE, second.stateOf(DISK));
        assertFalse(server().equals(before));
        assertFalse(place.records.containsKey("request"));
        assertFalse(place.records.containsKey("taker"));
    }

    /** It has begun to give it, and dies before it lets go of it. */
    @Test
    public void whoDoesNotLetGoIsShutOut() throws Exception {
        String before = server();
        place.closesLate = true;
        assertEquals("GOOD", takeBySecond().end());
        assertEquals(1, place.shutOut);
        assertEquals(State.ONLINE, second.stateOf(DISK));
        place.late.complete(null);
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        assertFalse(server().equals(before));
    }

    @Test
    public void whatCannotBeHadIsAskedForNoMore() throws Exception {
        place.readLate = name -> name.equals("request");
        place.refusals.set(Integer.MAX_VALUE);
        assertEquals(FAILED, takeBySecond().end());
        assertFalse(place.records.containsKey("request"));
        assertFalse(place.records.containsKey("taker"));
        assertEquals(State.ONLINE, first.stateOf(DISK));
        place.refusals.set(0);
    }

    /** Who has just lost its storage would take back by force what is taken in silence. */
    @Test
    public void nobodyTakesItWithoutSayingSoBefore() throws Exception {
        List<Boolean> said = new CopyOnWriteArrayList<>();
        place.beforeTake = () -> said.add(place.records.containsKey("taker"));
        assertEquals("GOOD", takeBySecond().end());
        first.gateway.takeOverBackstore(DISK, false);
        second.gateway.takeOverBackstore(DISK, true);
        assertTrue(said.size() + " times", said.size() >= 3);
        assertFalse(said.toString(), said.contains(false));
    }

    /** Who is told before has looked in vain, and looks again only later. */
    @Test
    public void itIsAskedForBeforeOthersAreTold() throws Exception {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        place.atNotice = () -> asked.complete(place.records.containsKey("request"));
        assertEquals("GOOD", takeBySecond().end());
        assertTrue(asked.get(30, TimeUnit.SECONDS));
    }

    /** What it looks at now and then it cannot see, and so does not get as far as to look who asks. */
    @Test
    public void whoIsToldLooksWhoAsks() throws Exception {
        place.records.put("server", "torn".getBytes(StandardCharsets.US_ASCII));
        Eventually.isTrue(() -> first.status(DISK).problem().contains("not understood"));
        expectTaken(this::takeBySecond);
        assertEquals(0, place.shutOut);
        assertEquals(State.ONLINE, second.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
    }

    /** Who has asked is gone: nobody would serve the disk. */
    @Test
    public void whatNobodyTakesIsTakenBack() throws Exception {
        beImpatient();
        String before = server();
        ask(STRANGER);
        Eventually.isTrue(() -> server().equals(STRANGER));
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        assertEquals(before, server());
        assertEquals(0, place.shutOut);
        assertEquals(1, second.logged("has not taken it").size());
        assertFalse(place.records.containsKey("request"));
        assertEquals("", first.status(DISK).problem());
        assertEquals(State.STANDBY, second.stateOf(DISK));
        settle(first, here);
        assertEquals("GOOD", send(first, here, READ, new byte[0]).end());
    }

    /** Who has asked is gone, and has got as far as the right to the blocks: whether it comes back is not known. */
    @Test
    public void whatCannotBeTakenBackIsSaid() throws Exception {
        beImpatient();
        place.refusals.set(Integer.MAX_VALUE);
        ask(STRANGER);
        Eventually.isTrue(() -> first.status(DISK).problem().contains("--force takes it back: on purpose"));
        assertEquals(State.STANDBY, first.stateOf(DISK));
        place.refusals.set(0);
        first.gateway.takeOverBackstore(DISK, true);
        assertEquals(State.ONLINE, first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
    }
}
