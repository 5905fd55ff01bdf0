package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;

/** Two gateways with one disk: who serves it, and who stands by. */
public class SharedDiskTest {

    private static final String DISK = "disk0";
    private static final long SIZE = 1 << 20;
    private static final byte[] TORN = "torn".getBytes(StandardCharsets.US_ASCII);

    private final GatewayFixture first = new GatewayFixture();
    private final GatewayFixture second = new GatewayFixture();
    private final SharedPlace place = new SharedPlace();

    @Rule
    public final RuleChain order = RuleChain.outerRule(first).around(second);

    /** Some of the second after which it is tried again; without it that takes milliseconds. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Longer than a gateway is asked for a disk, on a machine that does something else as well. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    public SharedDiskTest() {
        first.change = PATIENCE;
        second.change = PATIENCE;
        second.firstTargetPort = 1001;
    }

    @Before
    public void makeDisks() throws Exception {
        for (GatewayFixture gateway : List.of(first, second)) {
            gateway.gateway.addProvider(place.provider());
            Eventually.isTrue(() -> gateway.gateway.backstoreTypes().stream()
                    .anyMatch(type -> type.type().equals("shared")));
        }
    }

    private static void make(GatewayFixture gateway, String target) throws Exception {
        gateway.gateway.createBackstore(new BackstoreRequest(
                DISK, "shared", SIZE, 512, 0, false, false, false, false, 0, Map.of("shared", "yes")));
        gateway.gateway.createTarget(new IscsiName("iqn.2026-11.io.sluice:" + target), List.of(DISK));
    }

    private void makeBoth() throws Exception {
        make(first, "first");
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        make(second, "second");
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        Eventually.isEqual(2L, () -> gateways());
    }

    private long gateways() {
        return place.records.keySet().stream()
                .filter(name -> name.startsWith("gateway."))
                .count();
    }

    @Test
    public void theFirstServesItAndTheOtherOneStandsByAndIsWell() throws Exception {
        makeBoth();
        assertEquals("", second.status(DISK).problem());
        assertEquals(List.of(), second.gateway.status().problems());
    }

    @Test
    public void whoeverIsAskedGivesWay() throws Exception {
        makeBoth();
        second.gateway.takeOverBackstore(DISK, false);
        assertEquals(State.ONLINE, second.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        assertEquals("nobody is shut out", 0, place.shutOut);
        first.gateway.takeOverBackstore(DISK, false);
        assertEquals(State.ONLINE, first.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
        assertFalse("nothing is asked for any more", place.records.containsKey("request"));
    }

    @Test
    public void whoeverCannotSayThatItGivesTheDiskAwayGoesOn() throws Exception {
        makeBoth();
        AtomicInteger failures = new AtomicInteger(1);
        place.notWritten = name -> name.equals("server") && failures.getAndDecrement() > 0;
        second.gateway.takeOverBackstore(DISK, false);
        assertEquals(State.ONLINE, second.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        assertEquals(0, place.shutOut);
    }

    @Test
    public void whoeverIsShutOutStandsByAndCanTakeItBack() throws Exception {
        makeBoth();
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(1, place.shutOut);
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
        first.gateway.takeOverBackstore(DISK, true);
        assertEquals(State.ONLINE, first.stateOf(DISK));
        Eventually.isEqual(State.STANDBY, () -> second.stateOf(DISK));
    }

    /** Whoever takes it has not said so yet, and whoever is shut out has come back already. */
    @Test
    public void whoeverIsShutOutDoesNotTakeItBackByItself() throws Exception {
        makeBoth();
        int opened = place.opened.get();
        place.afterShutOut = () -> {
            place.afterShutOut = () -> {};
            try {
                Eventually.isTrue(() -> place.opened.get() > opened);
                Eventually.isTrue(() -> first.stateOf(DISK) == State.ONLINE
                        || !first.status(DISK).problem().isEmpty());
                assertTrue("that it is being taken is still said", place.records.containsKey("taker"));
            } catch (Exception failed) {
                throw new AssertionError(failed);
            }
        };
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(State.ONLINE, second.stateOf(DISK));
        assertEquals(1, place.shutOut);
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
        assertFalse(place.records.containsKey("taker"));
    }

    @Test
    public void whoeverServedItLastGoesOnAfterARestart() throws Exception {
        makeBoth();
        second.gateway.takeOverBackstore(DISK, false);
        first.gateway.close();
        second.restart();
        second.gateway.addProvider(place.provider());
        Eventually.isEqual(State.ONLINE, () -> second.stateOf(DISK));
        first.start();
        first.gateway.addProvider(place.provider());
        Eventually.isEqual(State.STANDBY, () -> first.stateOf(DISK));
    }

    @Test
    public void whoeverDoesNotAnswerKeepsItUntilItIsForced() throws Exception {
        makeBoth();
        place.notices = false;
        place.records.put("server", "not JSON".getBytes(StandardCharsets.US_ASCII));
        ConfigException refused =
                assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, false));
        assertTrue(refused.getMessage(), refused.getMessage().contains("backstore disk0 is not taken over"));
        assertEquals(State.STANDBY, second.stateOf(DISK));
        assertTrue(second.status(DISK).problem(), second.status(DISK).problem().contains("not understood"));
        second.gateway.takeOverBackstore(DISK, true);
        assertEquals(State.ONLINE, second.stateOf(DISK));
    }

    /** Without its reservations a host that was fenced could write; who serves the disk knows them, and keeps it. */
    @Test
    public void whatCannotBeReadIsTakenFromNobody() throws Exception {
        makeBoth();
        place.records.put("state", TORN);
        for (boolean force : List.of(false, true)) {
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, force));
            assertTrue(refused.getMessage(), refused.getMessage().contains("record state beside the blocks cannot be"));
        }
        assertEquals(0, place.shutOut);
        assertFalse(place.records.containsKey("request"));
        assertFalse(place.records.containsKey("taker"));
        assertEquals(State.ONLINE, first.stateOf(DISK));
        assertEquals(State.STANDBY, second.stateOf(DISK));
        Eventually.isTrue(() -> second.status(DISK).problem().contains("with the next change"));
    }

    @Test
    public void whatCannotBeReadIsNotServedUntilItIsRemoved() throws Exception {
        make(first, "first");
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        place.records.put("state", TORN);
        first.restart();
        first.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> first.status(DISK).problem().contains("is not valid"));
        assertEquals(State.STANDBY, first.stateOf(DISK));
        place.records.remove("state");
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
    }

    /** Until then neither gateway answers who has reserved it. */
    @Test
    public void whoServesItSaysSoAnewByForce() throws Exception {
        makeBoth();
        for (String record : List.of("server", "taker", "request")) {
            place.records.put(record, TORN);
            Eventually.isTrue(() -> first.status(DISK)
                    .problem()
                    .contains("record " + record + " beside the blocks cannot be read: what another gateway has written"
                            + " is not understood: backstore:takeover disk0 --force writes it anew"));
            first.gateway.takeOverBackstore(DISK, true);
            Eventually.isEqual("", () -> first.status(DISK).problem());
            Eventually.isEqual("", () -> second.status(DISK).problem());
            assertEquals(State.ONLINE, first.stateOf(DISK));
            assertEquals(State.STANDBY, second.stateOf(DISK));
        }
        assertEquals(0, place.shutOut);
    }

    @Test
    public void aGatewaySaysAnewWhichPortsItHasWhenItIsOpened() throws Exception {
        makeBoth();
        String other = place.records.keySet().stream()
                .filter(name -> name.startsWith("gateway.") && !isNamed(name))
                .findFirst()
                .orElseThrow();
        place.records.put(other, TORN);
        Eventually.isTrue(() -> first.status(DISK).problem().contains("backstore:reopen disk0 on that gateway"));
        second.gateway.reopenBackstore(DISK, false);
        Eventually.isEqual("", () -> first.status(DISK).problem());
        assertEquals(State.ONLINE, first.stateOf(DISK));
    }

    /** Whether a record is of who serves the disk. */
    private boolean isNamed(String record) {
        return new String(place.records.get("server"), StandardCharsets.US_ASCII)
                .contains(record.substring("gateway.".length()));
    }

    /** It would be opened, taken and closed as fast as the storage can. */
    @Test
    public void whatCannotBeServedIsTriedAgainWithPauses() throws Exception {
        make(first, "first");
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        place.notWritten = name -> name.equals("server");
        first.restart();
        first.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> first.status(DISK).problem().contains("on purpose"));
        int opened = place.opened.get();
        long begun = System.nanoTime();
        // The first of them may be that of the failure which was just seen.
        Eventually.isTrue(() -> place.opened.get() >= opened + 2);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.toString(), took.compareTo(PAUSE) >= 0);
        Eventually.isTrue(() -> first.status(DISK).problem().contains("on purpose"));
        assertEquals(
                "it is said once",
                1,
                second.logged("disk0 stands by: on purpose").size());
        place.notWritten = name -> false;
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        Eventually.isEqual("", () -> first.status(DISK).problem());
    }

    @Test
    public void portsThatCannotBeToldApartAreRefused() throws Exception {
        second.firstTargetPort = 1;
        second.restart();
        second.gateway.addProvider(place.provider());
        Eventually.isTrue(() -> second.gateway.backstoreTypes().stream()
                .anyMatch(type -> type.type().equals("shared")));
        make(first, "first");
        Eventually.isEqual(State.ONLINE, () -> first.stateOf(DISK));
        Eventually.isEqual(1L, () -> gateways());
        Eventually.isTrue(() -> new String(place.records.values().iterator().next(), StandardCharsets.US_ASCII)
                .contains("\"number\":1"));
        make(second, "second");
        Eventually.isTrue(() -> second.status(DISK).problem().contains("number 1 of a port of target"));
        ConfigException refused =
                assertThrows(ConfigException.class, () -> second.gateway.takeOverBackstore(DISK, true));
        assertTrue(refused.getMessage(), refused.getMessage().contains("firstTargetPort"));
        assertEquals(State.STANDBY, second.stateOf(DISK));
        assertEquals(State.ONLINE, first.stateOf(DISK));
    }

    @Test
    public void whoeverGoesIsForgotten() throws Exception {
        makeBoth();
        second.gateway.deleteTarget(new IscsiName("iqn.2026-11.io.sluice:second"), true);
        second.gateway.deleteBackstore(DISK);
        assertEquals(1, gateways());
        assertEquals(State.ONLINE, first.stateOf(DISK));
    }

    @Test
    public void aDiskOfOneGatewayIsNotTaken() throws Exception {
        first.create("alone");
        ConfigException refused =
                assertThrows(ConfigException.class, () -> first.gateway.takeOverBackstore("alone", true));
        assertTrue(refused.getMessage(), refused.getMessage().contains("made without shared=yes"));
    }

    @Test
    public void itStaysWhereItIs() throws Exception {
        makeBoth();
        ConfigException refused = assertThrows(
                ConfigException.class, () -> first.gateway.moveBackstore(DISK, "fake", Map.of("place", "x"), 0));
        assertTrue(refused.getMessage(), refused.getMessage().contains("shared with another gateway"));
    }
}
