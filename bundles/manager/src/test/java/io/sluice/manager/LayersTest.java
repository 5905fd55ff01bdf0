package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import io.sluice.management.BackstoreStatus.State;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Layers between a disk and its store, which come and go like the stores themselves. */
public class LayersTest {

    /** Blocks of a WRITE ATOMIC where there is one. */
    private static final int ATOMIC = 2048;

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final List<String> account = new CopyOnWriteArrayList<>();
    private final FakeLayer limit = new FakeLayer("limit", account);
    private final FakeLayer count = new FakeLayer("count", account);

    @Before
    public void stackLayers() throws Exception {
        fixture.create("disk");
        fixture.create("plain");
        fixture.gateway.close();
        String json = Files.readString(fixture.document());
        String layers =
                "\"layers\" : [ {\"type\" : \"limit\", \"options\" : {\"iops\" : \"9\"}}, {\"type\" : \"count\"} ],"
                        + " \"options\"";
        Files.writeString(fixture.document(), json.replaceFirst("\"options\"", layers));
        fixture.start();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("plain"));
    }

    @Test
    public void aDiskIsAwayUntilAllItsLayersAreThere() throws Exception {
        assertEquals(
                "the bundle for layer limit is not installed",
                fixture.status("disk").problem());
        fixture.gateway.addLayer(limit);
        Eventually.isEqual("the bundle for layer count is not installed", () -> fixture.status("disk")
                .problem());
        assertEquals("nothing is opened in vain", Set.of("plain"), fixture.provider.open);
        fixture.gateway.addLayer(count);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(List.of("open limit{iops=9}", "open count{}"), account);
        fixture.gateway.removeLayer(limit);
        Eventually.isEqual(List.of("close count", "close limit"), () -> account.subList(2, account.size()));
        Eventually.isEqual(Set.of("plain"), () -> fixture.provider.open);
        Eventually.isEqual("the bundle for layer limit is not installed", () -> fixture.status("disk")
                .problem());
    }

    @Test
    public void aLayerThatFailsLeavesNothingOpen() throws Exception {
        count.broken = true;
        fixture.gateway.addLayer(limit);
        fixture.gateway.addLayer(count);
        Eventually.isEqual(
                "java.lang.NoSuchMethodError: of another version: it is tried again, or use backstore:reopen disk",
                () -> fixture.status("disk").problem());
        Eventually.isTrue(() -> account.contains("close limit"));
        count.broken = false;
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
    }

    /** The next version of its bundle could not have the store otherwise. */
    @Test
    public void whatALayerThatIsNeverOpenLiesOnIsClosedWhenItsBundleGoes() throws Exception {
        count.opening = new CompletableFuture<>();
        fixture.gateway.addLayer(limit);
        fixture.gateway.addLayer(count);
        Eventually.isTrue(() -> account.contains("open count{}"));
        assertEquals(Set.of("disk", "plain"), fixture.provider.open);
        fixture.gateway.removeLayer(count);
        Eventually.isEqual(Set.of("plain"), () -> fixture.provider.open);
        CompletableFuture<Void> late = count.opening;
        count.opening = null;
        fixture.gateway.addLayer(count);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        late.complete(null);
        Eventually.isTrue(() -> account.contains("close count"));
        assertEquals(Set.of("disk", "plain"), fixture.provider.open);
    }

    @Test
    public void aLayerThatForgetsWhatItLiesOn() throws Exception {
        count.forgetful = true;
        fixture.gateway.addLayer(limit);
        fixture.gateway.addLayer(count);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        fixture.gateway.reopenBackstore("disk", false);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        fixture.gateway.close();
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    /** What they overwrite would be kept aside in plain text if the layers turn out to encrypt. */
    @Test
    public void whatLayersMayForbidIsNotOfferedBeforeTheyAreThere() throws Exception {
        fixture.gateway.createTarget(GatewayFixture.TARGET, List.of("plain", "disk"));
        ScsiTarget target = fixture.published.get(0);
        ScsiTarget.Port port = target.ports().get(0);
        Nexus nexus = target.open(
                new InitiatorPort("iqn.2026-11.io.sluice:initiator", 1),
                new TargetPort(target.name(), port.groupTag(), port.number()),
                NexusRights.ALL);
        assertEquals("on plain storage", ATOMIC, longestAtomicWrite(target, nexus, 0));
        assertEquals(0, longestAtomicWrite(target, nexus, 1));
        SimpleTask first = new SimpleTask(nexus, 1, "00 00 00 00 00 00", new byte[0]);
        target.execute(first);
        assertEquals("the unit attention of a start", "CHECK_CONDITION 062900", first.end());
        SimpleTask early = new SimpleTask(nexus, 1, "9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", new byte[512]);
        target.execute(early);
        assertFalse("a host that has used it before the restart waits as for each command", early.ended());
        fixture.gateway.addLayer(limit);
        fixture.gateway.addLayer(count);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals("GOOD", early.end());
        assertEquals(ATOMIC, longestAtomicWrite(target, nexus, 1));
        fixture.gateway.removeLayer(count);
        Eventually.isEqual(State.AWAY, () -> fixture.stateOf("disk"));
        assertEquals("it is known by now", ATOMIC, longestAtomicWrite(target, nexus, 1));
    }

    private static int longestAtomicWrite(ScsiTarget target, Nexus nexus, int lun) throws Exception {
        SimpleTask limits = new SimpleTask(nexus, lun, "12 01 b0 00 40 00", new byte[0]);
        target.execute(limits);
        return ByteBuffer.wrap(limits.data()).getInt(44);
    }
}
