package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.PORTAL;
import static io.sluice.manager.GatewayFixture.SIZE;
import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.manager.document.UnitStateFiles;
import io.sluice.manager.volume.Disk;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a person writes into the document is taken over whole, or not at all. */
public class ApplyTest {

    private static final IscsiName OTHER = new IscsiName("iqn.2026-11.io.sluice:other");
    private static final PortalConfig SECOND = PortalConfig.parse("127.0.0.1:3261");

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private String document;

    /** A disk that is served to a session, and one that is not served. */
    @Before
    public void serve() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        fixture.create("spare");
        fixture.transport.logIn(TARGET.value());
        document = Files.readString(fixture.document());
    }

    private List<String> apply(String edited) throws Exception {
        Files.writeString(fixture.document(), edited);
        return fixture.gateway.applyConfiguration();
    }

    private static String disk(String name, String more) {
        return "{\"name\": \"" + name + "\", \"type\": \"fake\", \"sizeBytes\": " + SIZE
                + ", \"options\": {\"place\": \"here\"}" + more + "}";
    }

    /** Writes a document by hand, with the disks that there are in it. */
    private static String written(String backstores, String targets) {
        return "{\"version\": 1, \"backstores\": [" + backstores + "], \"targets\": [" + targets + "]}";
    }

    private static String target(IscsiName name, String more) {
        return "{\"name\": \"" + name + "\"" + more + "}";
    }

    private static final String MAPPED = ", \"luns\": [{\"lun\": 0, \"backstore\": \"disk\"}]";

    /** A refusal is one line, everything goes on as before, and the document is as it was edited. */
    private void refused(String message, String edited) throws Exception {
        GatewayConfig config = fixture.gateway.config();
        Disk served = fixture.gateway.disk("disk");
        List<ScsiTarget> targets = List.copyOf(fixture.published);
        List<PortalConfig> portals = fixture.transport.listening();
        Set<String> made = Set.copyOf(fixture.provider.made);
        ConfigException refused = assertThrows(ConfigException.class, () -> apply(edited));
        assertEquals(message, refused.getMessage());
        assertSame(config, fixture.gateway.config());
        assertSame(served, fixture.gateway.disk("disk"));
        assertEquals(targets, fixture.published);
        assertEquals(portals, fixture.transport.listening());
        assertEquals("made", made, fixture.provider.made);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("spare"));
        assertEquals(Set.of("disk", "spare"), fixture.provider.open);
        assertEquals(1, fixture.transport.sessions().size());
        assertEquals(edited, Files.readString(fixture.document()));
    }

    @Test
    public void whatNobodyHasChangedStaysAsItIs() throws Exception {
        assertEquals(List.of(), fixture.gateway.applyConfiguration());
        assertEquals(List.of(), apply(document.replace("\n", "")));
        assertEquals("in its own form again", document, Files.readString(fixture.document()));
        assertEquals(2, fixture.provider.openings.get());
        assertEquals(1, fixture.transport.sessions().size());
    }

    /** Who keeps the document as code has not written what was found out, and does not lose it. */
    @Test
    public void whatWasFoundOutNeedNotBeWritten() throws Exception {
        String said = writtenWithoutFound();
        assertEquals(List.of(), apply(said));
        assertEquals(
                FOUND, fixture.gateway.config().backstore("found").orElseThrow().options());
        assertTrue(Files.readString(fixture.document()).contains("1a2b"));
        assertEquals(3, fixture.provider.openings.get());
        assertEquals(Set.of("disk", "found", "spare"), fixture.provider.open);
        assertEquals(1, fixture.transport.sessions().size());
    }

    @Test
    public void whatWasFoundOutNeedNotBeWrittenAtTheStart() throws Exception {
        String said = writtenWithoutFound();
        for (int start = 1; start <= 3; start++) {
            Files.writeString(fixture.document(), said);
            fixture.restart();
            assertEquals(
                    "start " + start,
                    FOUND,
                    fixture.gateway.config().backstore("found").orElseThrow().options());
            assertTrue(Files.readString(fixture.document()).contains("1a2b"));
            assertEquals("it is written", List.of(), fixture.gateway.applyConfiguration());
        }
    }

    private static final Map<String, String> FOUND = Map.of("place", "here", "imageId", "1a2b");

    private String writtenWithoutFound() throws Exception {
        fixture.provider.making = asked -> CompletableFuture.completedFuture(asked.withOption("imageId", "1a2b"));
        fixture.create("found");
        fixture.provider.making = null;
        fixture.gateway.createTarget(OTHER, List.of("found"));
        String whole = Files.readString(fixture.document());
        String found = "\"imageId\" : \"1a2b\"";
        String said = whole.replaceAll(",\\s*" + found, "").replaceAll(found + ",?\\s*", "");
        assertFalse(said.equals(whole));
        assertFalse(said.contains("imageId"));
        return said;
    }

    @Test
    public void whatIsNewIsMadeAndWhatIsTheSameGoesOn() throws Exception {
        Disk served = fixture.gateway.disk("disk");
        ScsiTarget published = fixture.published.get(0);
        List<String> lines = apply(written(
                disk("disk", "") + "," + disk("new", ", \"thin\": false"),
                target(TARGET, MAPPED) + ","
                        + target(OTHER, ", \"luns\": [{\"lun\": 7, \"backstore\": \"new\", \"readOnly\": true}]")));
        assertEquals(
                List.of(
                        "backstore spare removed",
                        "backstore new made: type fake, " + SIZE + " bytes",
                        "target " + OTHER + " made",
                        "target " + OTHER + " lun 7 is backstore new, read-only"),
                lines);
        assertSame(served, fixture.gateway.disk("disk"));
        assertSame(published, fixture.published.get(0));
        assertEquals(1, fixture.transport.sessions().size());
        assertEquals(Set.of("disk", "new"), fixture.provider.open);
        assertEquals(Set.of("disk", "spare", "new"), fixture.provider.made);
        BackstoreConfig made = fixture.gateway.config().backstore("new").orElseThrow();
        assertTrue(Files.readString(fixture.document()).contains(made.identity().naa()));
        assertEquals("once", List.of(), fixture.gateway.applyConfiguration());
        fixture.create("later");
        fixture.restart();
        assertEquals(made, fixture.gateway.config().backstore("new").orElseThrow());
    }

    @Test
    public void whatCannotBeThinIsMadeThick() throws Exception {
        List<String> lines = apply(
                written(disk("disk", "") + "," + disk("spare", "") + "," + disk("new", ""), target(TARGET, MAPPED)));
        assertEquals(
                List.of("backstore new made: type fake, " + SIZE
                        + " bytes, thick because its storage cannot give blocks back"),
                lines);
        assertFalse(fixture.gateway.config().backstore("new").orElseThrow().thin());
        assertEquals(
                "the same text again",
                List.of(),
                apply(written(
                        disk("disk", "") + "," + disk("spare", "") + "," + disk("new", ""), target(TARGET, MAPPED))));
    }

    @Test
    public void aTornOrWrongDocumentChangesNothing() throws Exception {
        String path = fixture.document().toString();
        refused(
                path + " is not valid: line 2, column 1: it ends before what was begun," + " and nothing was changed",
                "{\"version\": 1,\n");
        refused(
                path + " is not valid: line 1, column 1: it is not JSON, and nothing was changed",
                "TheSecretOfTheHost7");
        refused(
                path + " is not valid: LUN 0 of target " + TARGET + " names the backstore disk, which does not exist,"
                        + " and nothing was changed",
                written(disk("spare", ""), target(TARGET, MAPPED)));
        refused(
                "there is no backstore type 'tape': the installed ones are fake",
                withAnother(disk("new", "").replace("fake", "tape")));
        refused(
                "type fake has no option 'speed': it knows colour, key, place",
                withAnother(disk("new", "").replace("place", "speed")));
        refused(
                "there is no layer 'count': the installed ones are none",
                withAnother(disk("new", ", \"layers\": [{\"type\": \"count\"}]")));
    }

    private static String withAnother(String disk) {
        return written(disk("disk", "") + "," + disk("spare", "") + "," + disk, target(TARGET, MAPPED));
    }

    @Test
    public void aLargerSizeIsAResize() throws Exception {
        String larger = document.replaceFirst("\"sizeBytes\" : " + SIZE, "\"sizeBytes\" : " + 2 * SIZE);
        assertEquals(List.of("backstore disk resized from 1048576 to 2097152 bytes"), apply(larger));
        assertEquals(2 * SIZE / 512, fixture.volume("disk").geometry().blocks());
        assertEquals(1, fixture.transport.sessions().size());
        refused("backstore disk cannot be made smaller than its 2097152 bytes", document);
        Files.writeString(fixture.document(), larger);
        fixture.provider.resizable = false;
        refused(
                "backstore disk cannot be resized",
                document.replaceFirst("\"sizeBytes\" : " + SIZE, "\"sizeBytes\" : " + 4 * SIZE));
    }

    @Test
    public void aDiskInUseKeepsWhatItIs() throws Exception {
        refused(
                "backstore disk is in use as " + TARGET + " lun 0: unmap it before you change its readOnly, options",
                document.replaceFirst("\"readOnly\" : false", "\"readOnly\" : true")
                        .replaceFirst("here", "there"));
        String identity = ", \"identity\": {\"naa\": \""
                + fixture.gateway.config().backstores().get(0).identity().naa() + "\", \"serial\": \"s\"}";
        refused(
                "backstore renamed has the identity of backstore disk, which is in use as " + TARGET
                        + " lun 0: unmap that first",
                written(
                        disk("spare", "") + "," + disk("renamed", identity),
                        target(TARGET, MAPPED.replace("disk", "renamed"))));
    }

    @Test
    public void aDiskThatNobodyUsesIsOpenedAnew() throws Exception {
        Disk before = fixture.gateway.disk("spare");
        assertEquals(
                List.of("backstore spare opened anew with another removable, options"),
                apply(written(
                        disk("disk", "") + ","
                                + disk("spare", ", \"removable\": true").replace("here", "there"),
                        target(TARGET, MAPPED))));
        assertNotSame(before, fixture.gateway.disk("spare"));
        assertEquals(State.ONLINE, fixture.stateOf("spare"));
        assertEquals(Set.of("disk", "spare"), fixture.provider.open);
        assertEquals(Map.of("place", "there"), fixture.status("spare").config().options());
    }

    @Test
    public void aDiskThatNobodyUsesIsRenamed() throws Exception {
        BackstoreConfig spare = fixture.gateway.config().backstore("spare").orElseThrow();
        UnitStateFiles files =
                new UnitStateFiles(fixture.state(), spare.identity().naa(), Runnable::run);
        UnitState state = UnitState.NEW.withIdentifyingInformation(Map.of(2, "aabb"));
        files.save(state).toCompletableFuture().join();
        fixture.provider.opening = (config, context) -> fixture.provider.open.contains("spare")
                ? CompletableFuture.failedFuture(new IllegalStateException("two at once"))
                : CompletableFuture.completedFuture(fixture.provider.store(config, context));
        List<String> lines = apply(document.replace("\"spare\"", "\"renamed\""));
        assertEquals(
                List.of("backstore spare removed", "backstore renamed made: type fake, " + SIZE + " bytes"), lines);
        assertEquals(spare.identity(), fixture.status("renamed").config().identity());
        assertEquals(Set.of("disk", "renamed"), fixture.provider.open);
        assertEquals("what it keeps goes on with it", state, files.load());
        fixture.gateway.deleteBackstore("renamed");
        assertEquals(UnitState.NEW, files.load());
    }

    @Test
    public void dataThatIsNotKeptIsNotLostByAnEdit() throws Exception {
        fixture.provider.keepsData = false;
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.FAILED, () -> fixture.stateOf("spare"));
        for (String name : List.of("disk", "spare")) {
            fixture.gateway.reopenBackstore(name, true);
        }
        assertEquals(State.ONLINE, fixture.stateOf("spare"));
        fixture.transport.logIn(TARGET.value());
        refused(
                "backstore spare would lose its data by another removable: leave that as it is, or delete the backstore"
                        + " first",
                written(disk("disk", "") + "," + disk("spare", ", \"removable\": true"), target(TARGET, MAPPED)));
        refused(
                "backstore renamed has the identity of backstore spare, which would lose its data: leave its name as it"
                        + " is",
                document.replace("\"spare\"", "\"renamed\""));
    }

    @Test
    public void mappingsFollowWithSessionsOrWithout() throws Exception {
        assertEquals(
                List.of(
                        "target " + TARGET + " is standby",
                        "target " + TARGET + " lun 0 is backstore spare",
                        "target " + TARGET + " lun 5 is backstore disk, read-only"),
                apply(written(
                        disk("disk", "") + "," + disk("spare", ""),
                        target(
                                TARGET,
                                ", \"accessState\": \"standby\", \"luns\": [{\"lun\": 0, \"backstore\": \"spare\"},"
                                        + "{\"lun\": 5, \"backstore\": \"disk\", \"readOnly\": true}]"))));
        ScsiTarget published = fixture.published.get(0);
        assertEquals(AccessState.STANDBY, published.ports().get(0).accessState());
        for (int lun : new int[] {0, 5}) {
            assertThrows(
                    "it is mapped",
                    IllegalStateException.class,
                    () -> published.map(lun, fixture.gateway.disk("disk").logicalUnit(), false));
        }
        assertEquals("sessions go on", 1, fixture.transport.sessions().size());
        assertEquals(
                List.of(
                        "target " + TARGET + " disabled",
                        "target " + TARGET + " is active-optimized",
                        "target " + TARGET + " lun 0 removed"),
                apply(written(
                        disk("disk", "") + "," + disk("spare", ""),
                        target(
                                TARGET,
                                ", \"enabled\": false, \"luns\": [{\"lun\": 5, \"backstore\": \"disk\","
                                        + " \"readOnly\": true}]"))));
        assertEquals(List.of(), fixture.transport.sessions());
        fixture.gateway.deleteBackstore("spare");
        assertEquals(List.of("backstore disk removed", "target " + TARGET + " removed"), apply("{\"version\": 1}"));
        assertEquals(List.of(), fixture.published);
        assertEquals(Set.of(), fixture.provider.open);
    }

    @Test
    public void portalsFollow() throws Exception {
        assertEquals(
                List.of("portal " + PORTAL + " closed", "portal " + SECOND + " opened"),
                apply(document.replace("\"portals\" : [ ]", "\"portals\" : [\"" + SECOND + "\"]")));
        assertEquals(List.of(SECOND), fixture.transport.listening());
        refused(
                "portal " + FakeTransport.TAKEN + " is taken",
                document.replace("\"portals\" : [ ]", "\"portals\" : [\"" + FakeTransport.TAKEN + "\"]"));
    }

    @Test
    public void onePortOnAnotherAddressMakesRoomFirst() throws Exception {
        String wide = document.replace("\"portals\" : [ ]", "\"portals\" : [\"0.0.0.0:3260\"]");
        apply(wide);
        assertEquals(
                List.of("listen " + PORTAL, "unlisten " + PORTAL, "listen 0.0.0.0:3260"),
                fixture.transport.account.stream()
                        .filter(line -> line.contains("listen"))
                        .toList());
        refused(
                "portal " + FakeTransport.TAKEN + " is taken",
                document.replace("\"portals\" : [ ]", "\"portals\" : [\"" + FakeTransport.TAKEN + "\"]"));
    }

    @Test
    public void aFailureHalfWayLeavesEverythingAsItWas() throws Exception {
        String edited = written(
                disk("disk", "") + "," + disk("spare", ", \"removable\": true") + "," + disk("first", "") + ","
                        + disk("second", "").replace("here", "nowhere"),
                target(TARGET, MAPPED) + "," + target(OTHER, ""));
        refused("there is no such place", edited);
        ConfigException other = assertThrows(ConfigException.class, () -> fixture.create("another"));
        assertTrue(other.getMessage(), other.getMessage().contains("gateway:apply uses it as it is now"));
        Path inTheWay = fixture.document().resolveSibling(".gateway.json.new");
        Files.createDirectories(inTheWay.resolve("x"));
        ConfigException unsaved = assertThrows(ConfigException.class, () -> apply(edited.replace("nowhere", "here")));
        assertTrue(unsaved.getMessage(), unsaved.getMessage().startsWith(fixture.document() + " cannot be written"));
        assertEquals(Set.of("disk", "spare"), fixture.provider.made);
        Eventually.isEqual(Set.of("disk", "spare"), () -> fixture.provider.open);
        assertEquals(1, fixture.published.size());
        Files.delete(inTheWay.resolve("x"));
        Files.delete(inTheWay);
        assertEquals(4, fixture.gateway.applyConfiguration().size());
        assertEquals(2, fixture.published.size());
    }

    /** A disk whose storage is still on its way is made anew: two would have it otherwise. */
    @Test
    public void storageThatIsStillBeingOpenedIsClosedBeforeItIsOpenedAnew() throws Exception {
        CompletableFuture<Backstore> late = new CompletableFuture<>();
        AtomicInteger opened = new AtomicInteger();
        AtomicReference<Supplier<Backstore>> arrives = new AtomicReference<>();
        fixture.provider.opening = (config, context) -> {
            if (config.name().equals("spare")) {
                arrives.set(() -> fixture.provider.store(config, context));
                if (opened.incrementAndGet() == 2) {
                    return late;
                }
            }
            return CompletableFuture.completedFuture(fixture.provider.store(config, context));
        };
        String edited = written(
                disk("disk", "") + "," + disk("spare", ", \"removable\": true") + ","
                        + disk("other", "").replace("here", "nowhere"),
                target(TARGET, MAPPED));
        assertThrows(ConfigException.class, () -> apply(edited));
        Eventually.isEqual(2, opened::get);
        CompletableFuture<Integer> applied = CompletableFuture.supplyAsync(() -> {
            try {
                return apply(edited.replace("nowhere", "here")).size();
            } catch (Exception failed) {
                throw new CompletionException(failed);
            }
        });
        Eventually.isEqual(
                "it is being made anew", () -> fixture.status("spare").problem());
        late.complete(arrives.get().get());
        assertEquals(2, (int) applied.get(60, TimeUnit.SECONDS));
        assertEquals(3, opened.get());
        assertEquals(Set.of("disk", "spare", "other"), fixture.provider.open);
    }

    @Test
    public void oneIsAppliedAtATime() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<BackstoreConfig> making = new CompletableFuture<>();
        fixture.provider.making = config -> {
            asked.countDown();
            return making.thenApply(made -> config);
        };
        String edited =
                written(disk("disk", "") + "," + disk("spare", "") + "," + disk("new", ""), target(TARGET, MAPPED));
        CompletableFuture<List<String>> first = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                first.complete(apply(edited));
            } catch (Throwable failure) {
                first.completeExceptionally(failure);
            }
        });
        caller.start();
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        assertEquals(
                "the configuration is being applied already: wait until that is over",
                assertThrows(ConfigException.class, fixture.gateway::applyConfiguration)
                        .getMessage());
        Files.writeString(fixture.document(), edited + " ");
        making.complete(null);
        ExecutionException again = assertThrows(ExecutionException.class, () -> first.get(60, TimeUnit.SECONDS));
        assertEquals(
                fixture.document() + " was changed by someone else and is left as it is: use gateway:apply once more",
                again.getCause().getMessage());
        assertEquals(Set.of("disk", "spare"), fixture.provider.open);
        assertEquals(1, fixture.gateway.applyConfiguration().size());
        caller.join();
    }

    @Test
    public void aDocumentThatCouldNotBeReadIsServedOnceItIsMended() throws Exception {
        fixture.gateway.close();
        Files.writeString(fixture.document(), "{");
        fixture.startWithoutPortals();
        fixture.gateway.addProvider(fixture.provider);
        assertThrows(ConfigException.class, fixture.gateway::applyConfiguration);
        assertEquals(List.of("the configuration is served, which could not be read before"), apply(document));
        assertEquals(List.of(PORTAL), fixture.transport.listening());
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(List.of(), fixture.gateway.status().problems());
    }
}
