package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.manager.volume.SharingPatience;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.VolumeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;
import org.junit.rules.TemporaryFolder;

public class GatewayManagerTest {

    private static final IscsiName DISK = new IscsiName("iqn.2026-11.io.sluice:disk");
    private static final IscsiName OTHER = new IscsiName("iqn.2026-11.io.sluice:other");
    private static final PortalConfig DEFAULT_PORTAL = PortalConfig.parse("127.0.0.1:3260");
    private static final PortalConfig SECOND_PORTAL = PortalConfig.parse("127.0.0.1:3261");
    private static final long SIZE = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<ScsiTarget> published = new CopyOnWriteArrayList<>();
    private final FakeTransport transport = new FakeTransport();
    private final FakeProvider provider = new FakeProvider();
    private Path path;
    private GatewayManager gateway;

    @Before
    public void start() throws Exception {
        path = folder.getRoot().toPath().resolve("gateway.json");
        gateway = open();
        gateway.addProvider(provider);
        gateway.setTransport(transport);
        Eventually.isTrue(() -> !gateway.backstoreTypes().isEmpty());
        Eventually.isEqual(List.of(DEFAULT_PORTAL), transport::listening);
    }

    @After
    public void stop() {
        gateway.close();
    }

    private GatewayManager open() {
        return new GatewayManager(
                new GatewaySettings(
                        path,
                        path.resolveSibling("state"),
                        DEFAULT_PORTAL,
                        0,
                        VolumeSettings.DEFAULTS,
                        new Patience(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(5),
                                Duration.ofMillis(20),
                                Duration.ofMillis(40),
                                SharingPatience.DEFAULTS),
                        List.of()),
                target -> {
                    published.add(target);
                    return () -> published.remove(target);
                },
                "1.0");
    }

    private BackstoreStatus disk() {
        return gateway.backstores().get(0);
    }

    private static BackstoreRequest request(String name) {
        return request(name, Map.of("place", "here"));
    }

    private static BackstoreRequest request(String name, Map<String, String> options) {
        return new BackstoreRequest(name, "fake", SIZE, 512, 0, false, false, false, false, 0, options);
    }

    private String saved() throws Exception {
        return Files.exists(path) ? Files.readString(path) : "";
    }

    /** A refusal is one line and leaves configuration, storage, targets and portals as they were. */
    private void refused(String message, ThrowingRunnable change) throws Exception {
        GatewayConfig config = gateway.config();
        String document = saved();
        Set<String> made = Set.copyOf(provider.made);
        Set<String> open = Set.copyOf(provider.open);
        List<ScsiTarget> targets = List.copyOf(published);
        List<PortalConfig> portals = transport.listening();
        ConfigException refused = assertThrows(ConfigException.class, change);
        assertEquals(message, refused.getMessage());
        assertEquals(config, gateway.config());
        assertEquals(document, saved());
        assertEquals("made", made, provider.made);
        assertEquals("open", open, provider.open);
        assertEquals(targets, published);
        assertEquals(portals, transport.listening());
    }

    @Test
    public void aDiskIsMadeServedAndKept() throws Exception {
        BackstoreConfig made = gateway.createTarget(DISK, request("disk"));
        assertEquals(512, made.physicalBlockSize());
        assertEquals(Set.of("disk"), provider.open);
        assertEquals(1, published.size());
        assertEquals(DISK.value(), published.get(0).name());
        GatewayConfig before = gateway.config();
        assertEquals(
                List.of(new LunConfig(0, "disk", false)),
                before.target(DISK).get().luns());

        gateway.close();
        assertEquals(Set.of(), provider.open);
        assertEquals(List.of(), published);
        gateway = open();
        assertEquals(before, gateway.config());
        assertEquals(
                "identity never changes",
                made.identity(),
                gateway.config().backstore("disk").get().identity());
        assertEquals("target is there before its storage", 1, published.size());
        assertEquals(GatewayFixture.NOT_INSTALLED, disk().problem());
        gateway.addProvider(provider);
        Eventually.isTrue(() -> disk().online());
    }

    private static BackstoreRequest known(String name, String naa, String serial) {
        return new BackstoreRequest(
                name, "fake", SIZE, 512, 0, false, false, false, false, 0, Map.of("place", "here"), naa, serial, false);
    }

    @Test
    public void aDiskThatIsMadeAgainCanBeTheSameOneToItsHosts() throws Exception {
        UnitIdentity before = gateway.createBackstore(request("disk")).identity();
        refused(
                "backstore disk has this NAA identifier or serial number already: two disks that hosts take for one",
                () -> gateway.createBackstore(known("other", before.naa(), "")));
        refused(
                "backstore disk has this NAA identifier or serial number already: two disks that hosts take for one",
                () -> gateway.createBackstore(known("other", "", before.serial())));
        gateway.deleteBackstore("disk");
        assertEquals(
                before,
                gateway.createBackstore(known("again", before.naa(), before.serial()))
                        .identity());
    }

    @Test
    public void everyRefusedChangeLeavesNothing() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        refused(
                "there is a target " + DISK + " already: choose another name",
                () -> gateway.createTarget(DISK, List.of()));
        refused(
                "there is a target " + DISK + " already: choose another name",
                () -> gateway.createTarget(DISK, request("new")));
        refused(
                "there is a backstore disk already: choose another name",
                () -> gateway.createTarget(OTHER, request("disk")));
        refused(
                "there is no backstore x: backstore:list shows those that there are",
                () -> gateway.createTarget(OTHER, List.of("disk", "x")));
        refused("type fake needs the option place: where it is", () -> gateway.createBackstore(request("a", Map.of())));
        refused(
                "type fake has no option 'size': it knows colour, key, place",
                () -> gateway.createBackstore(request("a", Map.of("place", "here", "size", "1"))));
        refused("there is no such place", () -> gateway.createBackstore(request("a", Map.of("place", "nowhere"))));
        refused(
                "there is no backstore type 'tape': the installed ones are fake",
                () -> gateway.createBackstore(
                        new BackstoreRequest("a", "tape", SIZE, 512, 0, false, false, false, false, 0, Map.of())));
        refused(
                "block size 1000 is not a power of two from 512 to 65536 bytes",
                () -> gateway.createBackstore(new BackstoreRequest(
                        "a", "fake", 1000, 1000, 0, false, false, false, false, 0, Map.of("place", "here"))));
        refused(
                "backstore disk is in use as " + DISK + " lun 0: unmap it first",
                () -> gateway.deleteBackstore("disk"));
        refused(
                "there is no backstore x: backstore:list shows those that there are",
                () -> gateway.deleteBackstore("x"));
        refused(
                "there is no target " + OTHER + ": target:list shows those that there are",
                () -> gateway.deleteTarget(OTHER, true));
        refused(
                "LUN 0 of target " + DISK + " is in use by backstore disk: choose another, such as 1",
                () -> gateway.mapLun(DISK, new LunConfig(0, "disk", false)));
        refused(
                "target " + DISK + " has no LUN 7: lun:list shows those that there are",
                () -> gateway.unmapLun(DISK, 7, true));
        refused(
                "there is a portal " + DEFAULT_PORTAL + " already: portal:list shows whether it listens",
                () -> gateway.createPortal(DEFAULT_PORTAL));
        refused(
                "portal " + DEFAULT_PORTAL + " is the only one: create another first",
                () -> gateway.deletePortal(DEFAULT_PORTAL));
        refused("portal " + FakeTransport.TAKEN + " is taken", () -> gateway.createPortal(FakeTransport.TAKEN));
        refused(
                "there is no portal " + SECOND_PORTAL + ": portal:list shows those that there are",
                () -> gateway.deletePortal(SECOND_PORTAL));
        refused("there is no session 5: session:list shows those that there are", () -> gateway.closeSession(5));
    }

    @Test
    public void storageThatCannotBeOpenedIsNotMade() throws Exception {
        provider.refuseToOpen = true;
        refused("the place is locked", () -> gateway.createTarget(DISK, request("disk")));
        provider.refuseToOpen = false;
        gateway.createTarget(DISK, request("disk"));
    }

    @Test
    public void aConfigurationThatCannotBeWrittenUndoesTheChange() throws Exception {
        gateway.createBackstore(request("disk"));
        Path inTheWay = path.resolveSibling(".gateway.json.new");
        Files.createDirectories(inTheWay.resolve("x"));
        ConfigException refused =
                assertThrows(ConfigException.class, () -> gateway.createTarget(DISK, request("disk2")));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith(path + " cannot be written"));
        assertThrows(ConfigException.class, () -> gateway.createPortal(SECOND_PORTAL));
        assertThrows(ConfigException.class, () -> gateway.deleteBackstore("disk"));
        assertEquals(Set.of("disk"), provider.made);
        assertEquals(Set.of("disk"), provider.open);
        assertEquals(List.of(), published);
        assertEquals(List.of(DEFAULT_PORTAL), transport.listening());
        Files.delete(inTheWay.resolve("x"));
        gateway.createTarget(DISK, request("disk2"));
    }

    @Test
    public void anUnusableConfigurationServesNothingAndIsLeftAlone() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        gateway.close();
        Files.writeString(path, "{\"version\":");
        gateway = open();
        gateway.addProvider(provider);
        FakeTransport second = new FakeTransport();
        gateway.setTransport(second);
        Eventually.isTrue(() -> !gateway.backstoreTypes().isEmpty());
        assertEquals(List.of(), published);
        assertEquals("no portal: a stranger finds nothing", List.of(), second.listening());
        assertEquals(1, gateway.status().problems().size());
        ConfigException refused = assertThrows(ConfigException.class, () -> gateway.createBackstore(request("new")));
        assertTrue(refused.getMessage(), refused.getMessage().contains("copy gateway.json.last-good over it"));
        assertEquals("{\"version\":", saved());
    }

    @Test
    public void storageThatGoesAndComesBackHeals() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        gateway.removeProvider(provider);
        assertEquals("closed, so that the bundle can go", Set.of(), provider.open);
        assertEquals(
                List.of("backstore disk: " + GatewayFixture.NOT_INSTALLED),
                gateway.status().problems());
        assertEquals("the target stays", 1, published.size());
        refused(
                "backstore disk is away: " + GatewayFixture.NOT_INSTALLED,
                () -> gateway.resizeBackstore("disk", 2 * SIZE));
        gateway.addProvider(provider);
        Eventually.isTrue(() -> disk().online());
        assertEquals(Set.of("disk"), provider.open);
        assertEquals(List.of(), gateway.status().problems());
    }

    @Test
    public void aTargetInUseIsRemovedByForceOnly() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        transport.logIn(DISK.value());
        String used = "target " + DISK + " has 1 session(s): let the initiators log out first, or use --force";
        refused(used, () -> gateway.deleteTarget(DISK, false));
        refused(used, () -> gateway.unmapLun(DISK, 0, false));
        gateway.unmapLun(DISK, 0, true);
        assertEquals(
                "a session goes on without the LUN", 1, transport.sessions().size());
        gateway.deleteTarget(DISK, true);
        assertEquals(List.of(), transport.sessions());
        assertEquals(List.of(), published);
        assertEquals("its storage stays", Set.of("disk"), provider.open);
        gateway.deleteBackstore("disk");
        assertEquals(Set.of(), provider.open);
        assertEquals("data is never removed", Set.of("disk"), provider.made);
    }

    @Test
    public void disablingEndsSessionsAndNothingElse() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        gateway.createTarget(OTHER, List.of("disk"));
        transport.logIn(DISK.value());
        transport.logIn(OTHER.value());
        gateway.setTargetEnabled(DISK, false);
        assertFalse(published.get(0).enabled());
        assertEquals(1, transport.sessions().size());
        assertEquals(OTHER.value(), transport.sessions().get(0).target());
        gateway.setTargetEnabled(DISK, true);
        assertTrue(published.get(0).enabled());
    }

    @Test
    public void anAccessStateIsKeptAndSetAnew() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        gateway.setTargetAccessState(DISK, AccessState.STANDBY);
        assertEquals(AccessState.STANDBY, published.get(0).ports().get(0).accessState());
        published.get(0).setPorts(List.of(new ScsiTarget.Port(1, 1, AccessState.ACTIVE_OPTIMIZED)));
        gateway.mapLun(DISK, new LunConfig(3, "disk", false));
        assertEquals(
                "other changes leave it",
                AccessState.ACTIVE_OPTIMIZED,
                published.get(0).ports().get(0).accessState());
        gateway.setTargetAccessState(DISK, AccessState.STANDBY);
        assertEquals(AccessState.STANDBY, published.get(0).ports().get(0).accessState());
        gateway.close();
        gateway = open();
        assertEquals(AccessState.STANDBY, published.get(0).ports().get(0).accessState());
    }

    @Test
    public void aStateThatCannotBeReadKeepsTheDiskOffline() throws Exception {
        BackstoreConfig made = gateway.createTarget(DISK, request("disk"));
        gateway.close();
        Path state = path.resolveSibling("state").resolve(made.identity().naa() + ".json");
        Files.createDirectories(state.getParent());
        Files.writeString(state, "{");
        gateway = open();
        gateway.addProvider(provider);
        Eventually.isTrue(() -> !gateway.backstoreTypes().isEmpty());
        assertEquals(BackstoreStatus.State.FAILED, disk().state());
        String problem = disk().problem();
        assertTrue(problem, problem.startsWith(state + " is not valid: it is not whole"));
        assertEquals(Set.of(), provider.open);
        gateway.deleteTarget(DISK, true);
        gateway.deleteBackstore("disk");
        assertFalse("it goes with its backstore", Files.exists(state));
    }

    @Test
    public void resizeGrowsOnly() throws Exception {
        gateway.createTarget(DISK, request("disk"));
        gateway.resizeBackstore("disk", 2 * SIZE);
        assertEquals(2 * SIZE, gateway.config().backstore("disk").get().sizeBytes());
        refused(
                "backstore disk cannot be made smaller than its 2097152 bytes",
                () -> gateway.resizeBackstore("disk", SIZE));
        assertThrows(ConfigException.class, () -> gateway.resizeBackstore("disk", 2 * SIZE + 1));
        provider.resizable = false;
        refused("backstore disk cannot be resized", () -> gateway.resizeBackstore("disk", 4 * SIZE));
    }

    @Test
    public void portalsFollowTheTransport() throws Exception {
        assertEquals(List.of(DEFAULT_PORTAL), transport.listening());
        gateway.createPortal(SECOND_PORTAL);
        assertEquals(List.of(DEFAULT_PORTAL, SECOND_PORTAL), transport.listening());
        gateway.deletePortal(DEFAULT_PORTAL);
        assertEquals(List.of(SECOND_PORTAL), transport.listening());
        gateway.unsetTransport(transport);
        assertEquals(
                "the iscsi bundle is not active: nobody can log in",
                gateway.portals().get(0).problem());
        FakeTransport next = new FakeTransport();
        gateway.setTransport(next);
        Eventually.isEqual(List.of(SECOND_PORTAL), next::listening);
        assertTrue(gateway.portals().get(0).listening());
    }

    @Test
    public void aPortalThatCannotBeHadComesLater() throws Exception {
        gateway.unsetTransport(transport);
        gateway.createPortal(FakeTransport.TAKEN);
        FakeTransport next = new FakeTransport();
        gateway.setTransport(next);
        String problem = "portal " + FakeTransport.TAKEN + " is taken";
        Eventually.isEqual(List.of(problem + ": it is tried again until it can be had"), () -> gateway.status()
                .problems());
        assertEquals("the others do not wait for it", List.of(DEFAULT_PORTAL), next.listening());
        assertEquals(problem, gateway.portals().get(1).problem());
        assertFalse(gateway.portals().get(1).listening());
        next.addressesAreThere = true;
        Eventually.isEqual(List.of(DEFAULT_PORTAL, FakeTransport.TAKEN), next::listening);
        Eventually.isEqual(List.of(), () -> gateway.status().problems());
        assertEquals("once", 2, next.account.size());
    }

    @Test
    public void aSecondProviderOfATypeTakesOverWhenTheFirstGoes() throws Exception {
        FakeProvider second = new FakeProvider();
        gateway.addProvider(second);
        gateway.createBackstore(request("disk"));
        assertEquals(Set.of("disk"), provider.open);
        gateway.removeProvider(provider);
        Eventually.isTrue(() -> disk().online());
        assertEquals("closed, so that the bundle can go", Set.of(), provider.open);
        assertEquals(Set.of("disk"), second.open);
        gateway.addProvider(provider);
        gateway.removeProvider(provider);
        assertEquals("nothing was taken away", Set.of("disk"), second.open);
        assertEquals(1, second.openings.get());
    }
}
