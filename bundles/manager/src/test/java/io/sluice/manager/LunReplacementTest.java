package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LunConfig;
import io.sluice.management.BackstoreStatus;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** LUNs that go over to other backstores while they are in use, or whose storage is gone. */
public class LunReplacementTest {

    private static final int SIZE = 4 << 20;

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** Nothing hangs here: what is kept is kept, however slow the disk is. */
    public LunReplacementTest() {
        fixture.drain = Duration.ofMinutes(1);
        fixture.stop = Duration.ofMinutes(1);
    }

    private final BytesProvider bytes = new BytesProvider();
    private final BytesDisks disks = new BytesDisks(fixture, bytes);

    @Before
    public void makeADisk() throws Exception {
        disks.come();
        disks.create("disk", "old", SIZE);
        new Random(1).nextBytes(bytes.places.get("old"));
        fixture.gateway.createTarget(TARGET, List.of("disk"));
    }

    @Test
    public void aLunGoesOverToAnotherBackstore() throws Exception {
        disks.create("other", "there", 2 * SIZE);
        LogicalUnit unit = fixture.gateway.disk("disk").logicalUnit();
        BackstoreConfig before = disks.config("disk");
        assertEquals("disk", fixture.gateway.replaceLun(TARGET, 0, "other"));
        assertSame(unit, fixture.gateway.disk("other").logicalUnit());
        assertEquals(before.identity(), disks.config("other").identity());
        assertNotEquals(before.identity(), disks.config("disk").identity());
        assertEquals(
                List.of(new LunConfig(0, "other", false)),
                fixture.gateway.targets().get(0).config().luns());
        assertEquals(2 * SIZE, unit.volume().geometry().sizeBytes());
        disks.isOnline("disk");
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("other"));
        disks.write("disk", 0, 3);
        assertEquals(3, bytes.places.get("old")[0]);
        assertEquals(0, bytes.places.get("there")[0]);
        assertEquals("other", unit.name());
        assertEquals(Set.of("old", "there"), bytes.open);
        fixture.restart();
        disks.come();
        disks.isOnline("other");
        assertEquals(before.identity(), disks.config("other").identity());
    }

    @Test
    public void aLunWhoseStorageIsGoneGetsAnother() throws Exception {
        disks.create("restored", "there", SIZE);
        fixture.gateway.close();
        bytes.places.remove("old");
        fixture.start();
        disks.come();
        disks.isOnline("restored");
        Eventually.isEqual(BackstoreStatus.State.AWAY, () -> fixture.stateOf("disk"));
        BackstoreConfig before = disks.config("disk");
        keepAside(9);
        assertEquals("disk", fixture.gateway.replaceLun(TARGET, 0, "restored"));
        assertArrayEquals(new byte[SIZE], bytes.places.get("there"));
        assertEquals(List.of(disks.config("disk").identity().naa() + ".intent-1"), filesKeptAside());
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("restored"));
        assertEquals(before.identity(), disks.config("restored").identity());
        disks.write("restored", 0, 4);
        assertEquals(4, bytes.places.get("there")[0]);
        // It is tried again all the time.
        Eventually.isEqual(BackstoreStatus.State.AWAY, () -> fixture.stateOf("disk"));
    }

    /** Who names other storage knows of it; the old one is what it is, whatever its name. */
    @Test
    public void aDiskThatHasLostSomethingIsReplacedByOneThatIsWell() throws Exception {
        disks.create("restored", "there", SIZE);
        disks.loseAFlush("disk", "old");
        fixture.gateway.replaceLun(TARGET, 0, "restored");
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("restored"));
        disks.write("restored", 0, 4);
        assertEquals(4, bytes.places.get("there")[0]);
        disks.isReadOnly("disk");
        fixture.gateway.reopenBackstore("disk", false);
        disks.write("disk", 0, 5);
    }

    /** As a write of LUN 0 does that is to be whole or to have never been. */
    private void keepAside(int value) throws Exception {
        byte[] kept = new byte[512];
        Arrays.fill(kept, (byte) value);
        ScsiTarget target = fixture.published.get(0);
        ScsiTarget.Port port = target.ports().get(0);
        Nexus nexus = target.open(
                new InitiatorPort("iqn.2026-11.io.sluice:host", 1),
                new TargetPort(target.name(), port.groupTag(), port.number()),
                NexusRights.ALL);
        ((NexusView) nexus)
                .mapping(0)
                .unit()
                .writeIntents()
                .keep(1, 2, ByteBuffer.wrap(kept))
                .toCompletableFuture()
                .join();
        target.close(nexus);
    }

    private List<String> filesKeptAside() throws Exception {
        try (Stream<Path> files = Files.list(fixture.state())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".intent-") || name.contains(".exchange"))
                    .toList();
        }
    }

    /** An atomic write to the former blocks could be neither finished nor undone. */
    @Test
    public void whatIsKeptAsideGoesWithTheBlocksThatItIsOf() throws Exception {
        disks.create("other", "there", SIZE);
        keepAside(9);
        fixture.gateway.replaceLun(TARGET, 0, "other");
        disks.isOnline("disk");
        assertEquals("it is put back", 9, bytes.places.get("old")[512]);
        assertArrayEquals(new byte[SIZE], bytes.places.get("there"));
        assertEquals(List.of(), filesKeptAside());
        fixture.gateway.reopenBackstore("other", false);
        fixture.restart();
        disks.come();
        disks.isOnline("other");
        assertArrayEquals(new byte[SIZE], bytes.places.get("there"));
    }

    @Test
    public void itStaysWhereItIsWhenTheBlocksDo() throws Exception {
        disks.create("other", "there", SIZE);
        keepAside(9);
        List<String> before = filesKeptAside();
        Files.writeString(fixture.document(), Files.readString(fixture.document()) + " ");
        String notSaved = notReplaced("other");
        assertTrue(notSaved, notSaved.contains("was changed by someone else"));
        assertEquals(before, filesKeptAside());
    }

    private String notReplaced(String other) {
        return assertThrows(ConfigException.class, () -> fixture.gateway.replaceLun(TARGET, 0, other))
                .getMessage();
    }

    @Test
    public void aLunThatCannotGoOverGoesOn() throws Exception {
        disks.create("small", "small", SIZE / 2);
        assertEquals("backstore disk is there already: name another one", notReplaced("disk"));
        assertTrue(notReplaced("small"), notReplaced("small").contains("has 2097152 bytes, fewer than"));
        assertTrue(notReplaced("nosuch"), notReplaced("nosuch").contains("there is no backstore nosuch"));
        disks.create("other", "other", SIZE);
        fixture.gateway.mapLun(TARGET, new LunConfig(1, "other", false));
        assertTrue(notReplaced("other"), notReplaced("other").contains("is in use as " + TARGET + " lun 1"));
        fixture.gateway.unmapLun(TARGET, 1, true);
        // Somebody else has changed the document: it cannot be saved.
        Files.writeString(fixture.document(), Files.readString(fixture.document()) + " ");
        String notSaved = notReplaced("other");
        assertTrue(notSaved, notSaved.contains("was changed by someone else"));
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("other"));
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("disk"));
        disks.write("disk", 0, 1);
        assertEquals(1, bytes.places.get("old")[0]);
    }
}
