package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.SIZE;
import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Difference;
import io.sluice.management.Difference.Change;
import io.sluice.management.Revision;
import io.sluice.manager.audit.AuditTrail;
import io.sluice.manager.audit.AuditedGateway;
import io.sluice.manager.volume.Disk;
import io.sluice.scsi.target.ScsiTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A document that somebody sends is planned, applied whole or not at all, and can be taken back. */
public class ConfigurationChangesTest {

    private static final IscsiName OTHER = new IscsiName("iqn.2026-11.io.sluice:other");

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private ConfigurationManagement configuration;
    private String exported;

    /** A disk that is served to a session, and one that is not served. */
    @Before
    public void serve() throws Exception {
        fixture.gateway.createTarget(TARGET, request("disk"));
        fixture.create("spare");
        fixture.transport.logIn(TARGET.value());
        configuration = fixture.gateway.configuration();
        exported = configuration.export(Optional.empty());
    }

    private static String disk(String name, String more) {
        return "{\"name\": \"" + name + "\", \"type\": \"fake\", \"sizeBytes\": " + SIZE
                + ", \"options\": {\"place\": \"here\"}" + more + "}";
    }

    private static String part(String backstores, String targets) {
        return "{\"version\": 1, \"part\": true, \"backstores\": [" + backstores + "], \"targets\": [" + targets + "]}";
    }

    private static String target(IscsiName name, String backstore) {
        return "{\"name\": \"" + name + "\", \"luns\": [{\"lun\": 0, \"backstore\": \"" + backstore + "\"}]}";
    }

    private Path historyFolder() {
        return fixture.state().resolve("history");
    }

    /** Returns when all revisions are on the disk, and no other ones: a gateway that is closed does not wait long for that. */
    private void awaitHistory() throws Exception {
        Set<String> files = configuration.history().stream()
                .map(revision -> revision.number() + ".json")
                .collect(Collectors.toSet());
        Eventually.isEqual(files, () -> {
            String[] found = historyFolder().toFile().list();
            return found == null ? Set.of() : Set.of(found);
        });
    }

    private void refused(String message, String document) {
        GatewayConfig before = fixture.gateway.config();
        Set<String> made = Set.copyOf(fixture.provider.made);
        int revisions = configuration.history().size();
        for (boolean merge : new boolean[] {false, true}) {
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> configuration.apply(document, merge, ""));
            assertTrue(refused.getMessage(), refused.getMessage().contains(message));
            assertEquals("one line", 1, refused.getMessage().lines().count());
            assertThrows(ConfigException.class, () -> configuration.plan(document, merge));
        }
        assertSame(before, fixture.gateway.config());
        assertEquals(made, fixture.provider.made);
        assertEquals(revisions, configuration.history().size());
        assertEquals(1, fixture.transport.sessions().size());
    }

    @Test
    public void whatWasExportedChangesNothing() throws Exception {
        assertEquals(List.of(), configuration.plan(exported, false));
        assertEquals(List.of(), configuration.apply(exported, false, ""));
        String one = configuration.export(Optional.of(TARGET));
        assertTrue(one, one.contains("\"part\" : true") && !one.contains("spare"));
        assertEquals("the rest stays", List.of(), configuration.apply(one, false, ""));
        assertThrows(ConfigException.class, () -> configuration.export(Optional.of(OTHER)));
    }

    @Test
    public void whatIsAppliedTwiceChangesNothingTheSecondTime() throws Exception {
        Disk served = fixture.gateway.disk("disk");
        ScsiTarget published = fixture.published.get(0);
        String document = part(disk("new", ""), target(OTHER, "new"));
        List<Difference> planned = configuration.plan(document, false);
        assertEquals(Set.of("disk", "spare"), fixture.provider.made);
        List<Difference> changes = configuration.apply(document, false, "more room");
        assertEquals(Differences.lines(planned).get(1), changes.get(1).line());
        assertEquals(
                List.of(Change.ADD, Change.ADD, Change.ADD),
                changes.stream().map(Difference::change).toList());
        assertEquals(
                List.of("backstore new", "target " + OTHER, "lun " + OTHER + " lun 0"),
                changes.stream().map(one -> one.kind() + " " + one.name()).toList());
        assertEquals(List.of(), configuration.plan(document, false));
        assertEquals(List.of(), configuration.apply(document, false, ""));
        assertSame(served, fixture.gateway.disk("disk"));
        assertSame(published, fixture.published.get(0));
        assertEquals(1, fixture.transport.sessions().size());
        assertEquals("more room", configuration.history().get(0).why());
    }

    @Test
    public void aDocumentThatIsNoPartTakesAwayWhatItDoesNotName() throws Exception {
        String document = "{\"version\": 1, \"backstores\": [" + disk("disk", "") + "], \"targets\": ["
                + target(TARGET, "disk") + "]}";
        assertEquals(List.of(), configuration.plan(document, true));
        Difference change = configuration.plan(document, false).get(0);
        assertEquals(
                new Difference(Change.REMOVE, "backstore", "spare", List.of(), List.of(), "backstore spare removed"),
                change);
        assertEquals(List.of(change), configuration.apply(document, false, ""));
        assertEquals(1, fixture.transport.sessions().size());
    }

    @Test
    public void aPlanSaysWhichSessionsEnd() throws Exception {
        String disabled = exported.replace("\"enabled\" : true", "\"enabled\" : false");
        Difference off = configuration.plan(disabled, false).get(0);
        assertEquals(List.of(1), off.sessions());
        assertEquals(List.of(new Difference.Field("enabled", "true", "false")), off.fields());
        String gone = "{\"version\": 1, \"backstores\": [" + disk("disk", "") + "]}";
        List<Difference> removed = configuration.plan(gone, false);
        assertEquals(
                List.of("backstore spare", "target " + TARGET),
                removed.stream().map(one -> one.kind() + " " + one.name()).toList());
        assertEquals(List.of(1), removed.get(1).sessions());
        String granted = part(
                        "",
                        "{\"name\": \"" + TARGET + "\", \"luns\": [{\"lun\": 0, \"backstore\": \"disk\"}],"
                                + " \"grants\": [{\"initiator\": \"web1\"}]}")
                .replace(
                        "\"backstores\"",
                        "\"initiators\": [{\"name\": \"web1\", \"names\": [\"iqn.2026-11.a:b\"]}],"
                                + " \"backstores\"");
        List<Difference> access = configuration.plan(granted, false);
        assertEquals(List.of(), access.get(0).sessions());
        assertEquals("grant", access.get(1).kind());
        assertEquals(List.of(1), access.get(1).sessions());
        assertEquals(
                "nobody is sent away by a plan", 1, fixture.transport.sessions().size());
        assertEquals(
                "one LUN more ends nobody",
                List.of(),
                configuration
                        .plan(
                                exported.replace(
                                        "\"luns\" : [ {", "\"luns\" : [ {\"lun\": 3, \"backstore\": \"spare\"}, {"),
                                false)
                        .get(0)
                        .sessions());
    }

    @Test
    public void oneChangedLunOfAThousandIsOneDifference() throws Exception {
        fixture.gateway.close();
        fixture.change = Duration.ofMinutes(2);
        fixture.start();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> !fixture.gateway.backstoreTypes().isEmpty());
        configuration = fixture.gateway.configuration();
        fixture.transport.logIn(TARGET.value());
        StringBuilder stores = new StringBuilder();
        StringBuilder targets = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            stores.append(i == 0 ? "" : ",").append(disk("d" + i, ""));
            targets.append(i == 0 ? "" : ",").append(target(new IscsiName(OTHER + "-" + i), "d" + i));
        }
        assertEquals(
                3000,
                configuration
                        .apply(part(stores.toString(), targets.toString()), false, "")
                        .size());
        for (int i = 0; i < 64; i++) {
            fixture.transport.logIn(OTHER + "-" + i);
        }
        List<String> lines = configuration.history().get(0).lines();
        assertEquals("and 2900 more", lines.get(lines.size() - 1));
        String whole = configuration.export(Optional.empty());
        Map<String, Disk> disks = Map.of("d0", fixture.gateway.disk("d0"), "d7", fixture.gateway.disk("d7"));
        List<ScsiTarget> published = List.copyOf(fixture.published);
        String changed = whole.replace(
                "\"backstore\" : \"d7\",\n      \"readOnly\" : false",
                "\"backstore\" : \"d7\",\n      \"readOnly\" : true");
        List<Difference> plan = configuration.plan(changed, false);
        assertEquals(1, plan.size());
        assertEquals(
                new Difference.Field("readOnly", "false", "true"),
                plan.get(0).fields().get(0));
        assertEquals(plan, configuration.apply(changed, false, ""));
        assertEquals(List.of(), plan.get(0).sessions());
        assertEquals(65, fixture.transport.sessions().size());
        disks.forEach((name, disk) -> assertSame(disk, fixture.gateway.disk(name)));
        assertEquals(published, fixture.published);
    }

    @Test
    public void aDocumentThatIsNoneIsRefusedInOneLine() {
        refused("no such field", exported.replace("\"version\"", "\"more\": 1, \"version\""));
        refused("version: ", exported.replace("\"version\" : 1", "\"version\" : \"1\""));
        refused("Duplicate field", exported.replace("\"version\"", "\"version\": 1, \"version\""));
        refused("is there twice", part(disk("one", "") + "," + disk("one", ""), ""));
        refused("which does not exist", part("", target(OTHER, "nothing")));
        refused("part: ", exported.replace("\"version\"", "\"part\": 7, \"version\""));
        refused("not a JSON object", "[]");
        refused("is not valid", "");
        refused("is not valid", "\u0000\u0001");
        refused("larger than 16777216 bytes", " ".repeat(17 << 20));
        refused("larger than 16777216 bytes", "\u20ac".repeat(6 << 20));
    }

    @Test
    public void aMarkOfTheOrderOfBytesIsNoPartOfIt() throws Exception {
        assertEquals(List.of(), configuration.apply("\uFEFF" + exported, false, ""));
    }

    @Test
    public void thePartOfAConfigurationIsNotTheConfiguration() throws Exception {
        Files.writeString(fixture.document(), part("", ""));
        ConfigException refused = assertThrows(ConfigException.class, fixture.gateway::applyConfiguration);
        assertTrue(refused.getMessage(), refused.getMessage().contains("it says that it is a part"));
        assertEquals(2, fixture.gateway.config().backstores().size());
    }

    @Test
    public void nothingIsLeftOfWhatFailsInTheMiddle() throws Exception {
        refused(
                "there is no backstore type 'none'",
                part(disk("one", "") + "," + disk("two", "").replace("fake", "none"), ""));
        GatewayConfig before = fixture.gateway.config();
        String full = part(disk("one", "") + "," + disk("two", ""), "")
                .replace("\"backstores\"", "\"portals\": [\"" + FakeTransport.TAKEN.address() + "\"], \"backstores\"");
        assertThrows(ConfigException.class, () -> configuration.apply(full, false, ""));
        assertSame(before, fixture.gateway.config());
        assertEquals("what was made is undone", Set.of("disk", "spare"), fixture.provider.made);
        assertEquals(
                0,
                configuration.history().stream()
                        .filter(one -> one.why().isEmpty())
                        .count());
    }

    @Test
    public void manyWhoChangeAtOnceAreMadeOneAfterTheOther() throws Exception {
        List<CompletableFuture<Boolean>> all = Stream.iterate(0, i -> i + 1)
                .limit(16)
                .map(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        if (i % 2 == 0) {
                            configuration.apply(part(disk("many" + i, ""), ""), false, "");
                        } else {
                            fixture.create("many" + i);
                        }
                        return true;
                    } catch (ConfigException late) {
                        assertTrue(
                                late.getMessage(),
                                late.getMessage().contains("changed meanwhile")
                                        || late.getMessage().contains("already"));
                        return false;
                    }
                }))
                .toList();
        long done = all.stream().filter(CompletableFuture::join).count();
        assertTrue(done + " were made", done >= 8);
        assertEquals(
                done,
                fixture.gateway.config().backstores().stream()
                        .filter(store -> store.name().startsWith("many"))
                        .count());
        assertEquals(
                fixture.gateway.config().backstores().stream()
                        .map(BackstoreConfig::name)
                        .collect(Collectors.toSet()),
                fixture.provider.open);
    }

    @Test
    public void everyChangeIsARevisionAndCanBeTakenBack() throws Exception {
        AuditedGateway audited =
                new AuditedGateway(fixture.gateway, new AuditTrail(() -> "alice@127.0.0.1", line -> {}));
        audited.mapLun(TARGET, new LunConfig(5, "spare", true));
        audited.createBackstore(request("later"));
        audited.configuration().apply(part(disk("new", ""), ""), false, "ticket");
        List<Revision> history = configuration.history();
        assertEquals(
                List.of(
                        "ticket",
                        "create backstore later (type fake, 1 MiB, with place)",
                        "map backstore spare to LUN 5 of target " + TARGET + ", read-only"),
                history.stream().limit(3).map(Revision::why).toList());
        assertEquals(
                List.of("alice@127.0.0.1", "alice@127.0.0.1", "alice@127.0.0.1", "gateway", "gateway"),
                history.stream().map(Revision::who).toList());
        assertEquals(
                List.of("target " + TARGET + " lun 5 is backstore spare, read-only"),
                history.get(2).lines());
        GatewayConfig mapped = fixture.gateway.config();
        int number = history.get(3).number();
        assertEquals(exported, configuration.revision(number));
        assertEquals(
                List.of("backstore later removed", "backstore new removed", "target " + TARGET + " lun 5 removed"),
                Differences.lines(audited.configuration().rollback(number, "")));
        assertEquals(exported, configuration.export(Optional.empty()));
        assertEquals(
                "rollback to revision " + number, configuration.history().get(0).why());
        assertEquals("alice@127.0.0.1", configuration.history().get(0).who());
        audited.configuration().rollback(history.get(0).number(), "it was right");
        assertEquals("with the identities that it had", mapped, fixture.gateway.config());
        ConfigException absent = assertThrows(ConfigException.class, () -> configuration.rollback(99, ""));
        assertEquals("there is no revision 99: gateway:history shows those that there are", absent.getMessage());
    }

    @Test
    public void theHistoryIsThereAfterARestartAndKeepsTheLastFifty() throws Exception {
        for (int i = 0; i < 60; i++) {
            fixture.gateway.setTargetEnabled(TARGET, i % 2 == 1);
        }
        fixture.gateway.setTargetEnabled(TARGET, true);
        List<Revision> history = configuration.history();
        assertEquals(50, history.size());
        String oldest = configuration.revision(history.get(49).number());
        awaitHistory();
        fixture.restart();
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(
                        historyFolder().resolve(history.get(0).number() + ".json"))));
        configuration = fixture.gateway.configuration();
        assertEquals(history, configuration.history());
        assertEquals(oldest, configuration.revision(history.get(49).number()));
        fixture.gateway.close();
        Files.writeString(
                fixture.document(),
                Files.readString(fixture.document()).replace("\"enabled\" : true", "\"enabled\" : false"));
        fixture.start();
        assertEquals(
                "found at the start",
                fixture.gateway.configuration().history().get(0).why());
    }

    @Test
    public void aDamagedRevisionIsToldOfAndTheOthersAreThere() throws Exception {
        List<Revision> history = configuration.history();
        int number = history.get(0).number();
        awaitHistory();
        fixture.gateway.close();
        Path file = historyFolder().resolve(number + ".json");
        String good = Files.readString(file);
        Files.writeString(file, good.replace("\"who\"", "\"Who\""));
        fixture.start();
        configuration = fixture.gateway.configuration();
        assertEquals(history.get(1), configuration.history().get(1));
        ConfigException damaged = assertThrows(ConfigException.class, () -> configuration.revision(number));
        assertEquals("revision " + file + " cannot be read: its checksum is wrong; remove it", damaged.getMessage());
        assertTrue(fixture.gateway.status().problems().contains(damaged.getMessage()));
        fixture.gateway.close();
        Files.writeString(file, good.replace("\"disk\"", "\"disc\""));
        fixture.start();
        assertTrue(assertThrows(
                        ConfigException.class,
                        () -> fixture.gateway.configuration().revision(number))
                .getMessage()
                .contains("its checksum is wrong"));
    }

    @Test
    public void aChangeDoesNotFailBecauseTheHistoryCannotBeKept() throws Exception {
        awaitHistory();
        fixture.gateway.close();
        Path folder = historyFolder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
        Files.writeString(folder, "in the way");
        fixture.start();
        fixture.gateway.addProvider(fixture.provider);
        fixture.gateway.setTargetEnabled(TARGET, false);
        Eventually.isTrue(() -> fixture.gateway.status().problems().stream()
                .anyMatch(line -> line.startsWith("the history of the configuration cannot be kept: ")));
        assertEquals(
                "disable target",
                List.of("target " + TARGET + " disabled"),
                fixture.gateway.configuration().history().get(0).lines());
        Files.delete(folder);
        // The gateway may make it just now.
        Files.createDirectories(folder);
        fixture.gateway.setTargetEnabled(TARGET, true);
        Eventually.isTrue(
                () -> fixture.gateway.status().problems().stream().noneMatch(line -> line.contains("history")));
        assertTrue("what could not be written is written", Files.exists(folder.resolve("1.json")));
    }

    @Test
    public void storageThatCouldNotBeThinIsNotAskedAgain() throws Exception {
        String document = part(disk("thick", ", \"thin\": true"), target(OTHER, "thick"));
        assertTrue(configuration.apply(document, false, "").get(0).line().contains("thick because"));
        assertEquals(List.of(), configuration.plan(document, false));
        assertEquals(List.of(), configuration.apply(document, false, ""));
    }
}
