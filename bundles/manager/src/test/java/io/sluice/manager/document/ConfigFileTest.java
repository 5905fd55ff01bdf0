package io.sluice.manager.document;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LayerConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.PortalConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.config.UnitIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ConfigFileTest {

    static final UnitIdentity IDENTITY = new UnitIdentity("6a1b2c3d4e5f60718293a4b5c6d7e8f9", "8293a4b5c6d7e8f9");
    static final GatewayConfig FULL = new GatewayConfig(
            List.of(PortalConfig.parse("192.0.2.1:3260"), PortalConfig.parse("[2001:db8::1]:3261")),
            List.of(
                    BackstoreConfig.builder("disk0", "file")
                            .sizeBytes(10L << 30)
                            .physicalBlockSize(4096)
                            .thin(true)
                            .unmap(true)
                            .thresholdPercent(80)
                            .identity(IDENTITY)
                            .options(Map.of("path", "/srv/disk0.img"))
                            .build(),
                    BackstoreConfig.builder("cd", "memory")
                            .sizeBytes(4096)
                            .blockSize(2048)
                            .readOnly(true)
                            .removable(true)
                            .writeThrough(true)
                            .layers(List.of(
                                    new LayerConfig("limit", Map.of("iops", "100")), new LayerConfig("count", null)))
                            .build()),
            List.of(
                    new TargetConfig(
                            new IscsiName("iqn.2026-11.io.sluice:disk0"),
                            true,
                            AccessState.ACTIVE_OPTIMIZED,
                            List.of(new LunConfig(0, "disk0", false), new LunConfig(5, "cd", true))),
                    new TargetConfig(new IscsiName("eui.0123456789abcdef"), false, AccessState.STANDBY, List.of())));

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private Path lastGood;

    @Before
    public void choosePath() {
        path = folder.getRoot().toPath().resolve("gateway.json");
        lastGood = folder.getRoot().toPath().resolve("gateway.json.last-good");
    }

    private void assertNotLoaded(String message) {
        ConfigException refused = assertThrows(ConfigException.class, () -> new ConfigFile(path).load());
        assertEquals(path + " " + message, refused.getMessage());
    }

    private void assertNotRead(String reason, String json) throws IOException {
        Files.writeString(path, json);
        assertNotLoaded("is not valid: " + reason + ": correct it, then restart");
        assertEquals("never replaced", json, Files.readString(path));
    }

    private ConfigFile saved(GatewayConfig config) throws ConfigException {
        ConfigFile file = new ConfigFile(path);
        file.load();
        file.save(config);
        return file;
    }

    @Test
    public void firstStartIsEmpty() throws Exception {
        assertEquals(GatewayConfig.EMPTY, new ConfigFile(path).load());
        assertFalse("reading makes no file", Files.exists(path));
    }

    @Test
    public void everyFieldComesBack() throws Exception {
        saved(FULL);
        assertEquals(FULL, new ConfigFile(path).load());
    }

    /** What says who may use what, with every field. */
    static final GatewayConfig ACCESS = new GatewayConfig(
            List.of(new PortalConfig("192.0.2.1", 3260, 2, "198.51.100.1:3261", true), new PortalConfig("::1", 3260)),
            List.of(),
            List.of(new TargetConfig(
                    new IscsiName("iqn.2026-11.io.sluice:disk0"),
                    true,
                    AccessState.ACTIVE_OPTIMIZED,
                    List.of(),
                    List.of(
                            new GrantConfig(
                                    "esx", List.of(new LunView(0, 5, true), new LunView(1, 1, false)), false, true),
                            new GrantConfig("backup", List.of(), true, false)),
                    List.of(1, 2),
                    List.of(new TargetPortConfig(1, 7, null), new TargetPortConfig(2, 8, AccessState.STANDBY)),
                    new RedirectConfig("192.0.2.9:3260", true))),
            List.of(
                    new InitiatorConfig(
                            "esx1",
                            List.of("iqn.1998-01.com.vmware:*"),
                            List.of(Network.parse("192.0.2.0/24"), Network.parse("2001:db8::1")),
                            new ChapConfig("esx", "esx1"),
                            new ChapConfig("gateway", "esx1-mutual"),
                            new LimitConfig(1000, 100 << 20, 0)),
                    new InitiatorConfig("backup", null, null, null, null)),
            List.of(new InitiatorGroupConfig("esx", List.of("esx1"))),
            new SecurityConfig(List.of(ChapAlgorithm.SHA3_256, ChapAlgorithm.MD5), true));

    @Test
    public void whoMayUseWhatComesBack() throws Exception {
        saved(ACCESS);
        assertEquals(ACCESS, new ConfigFile(path).load());
        String text = Files.readString(path);
        assertTrue(text, text.contains("\"esx1-mutual\""));
        assertFalse("what says nothing is left out", text.contains("\"addresses\" : [ ]"));
    }

    @Test
    public void ofAnInitiatorLittleHasToBeSaid() throws Exception {
        Files.writeString(
                path,
                "{\"version\": 1, \"portals\": [{\"address\": \"192.0.2.1\"}, \"192.0.2.2\"],"
                        + " \"initiators\": [{\"name\": \"any\"}], \"security\": {},"
                        + " \"targets\": [{\"name\": \"iqn.2026-11.io.sluice:disk0\","
                        + " \"grants\": [{\"initiator\": \"any\", \"luns\": [{\"lun\": 3}]}],"
                        + " \"redirect\": {\"address\": \"192.0.2.9\"}}]}");
        GatewayConfig read = new ConfigFile(path).load();
        assertEquals(List.of(new PortalConfig("192.0.2.1", 3260), new PortalConfig("192.0.2.2", 3260)), read.portals());
        TargetConfig target = read.targets().get(0);
        assertEquals(List.of(new GrantConfig("any", List.of(new LunView(3, 3, false)), false, false)), target.grants());
        assertEquals(new RedirectConfig("192.0.2.9:3260", false), target.redirect());
        assertEquals(SecurityConfig.DEFAULT, read.security());
    }

    @Test
    public void whatGrantsNothingSensibleIsNotRead() throws Exception {
        assertNotRead(
                "target iqn.2026-11.io.sluice:disk0 is granted to nobody, which is neither an initiator nor a group",
                "{\"version\": 1, \"targets\": [{\"name\": \"iqn.2026-11.io.sluice:disk0\","
                        + " \"grants\": [{\"initiator\": \"nobody\"}]}]}");
        assertNotRead(
                "initiators[0].addresses[0]: '300.0.0.1' is not an address or network: write it like 192.0.2.7,"
                        + " 192.0.2.0/24 or 2001:db8::/32",
                "{\"version\": 1, \"initiators\": [{\"name\": \"a\", \"addresses\": [\"300.0.0.1\"]}]}");
        assertNotRead(
                "initiators[0].chap.secret: it is missing",
                "{\"version\": 1, \"initiators\": [{\"name\": \"a\", \"chap\": {\"user\": \"u\"}}]}");
        assertNotRead(
                "initiators[0]: initiator a: the two directions need different secrets",
                "{\"version\": 1, \"initiators\": [{\"name\": \"a\", \"chap\": {\"user\": \"u\","
                        + " \"secret\": \"s\"}, \"mutual\": {\"user\": \"g\", \"secret\": \"s\"}}]}");
        assertNotRead(
                "portals[0]: portal group 0 is not from 1 to 65535",
                "{\"version\": 1, \"portals\": [{\"address\": \"192.0.2.1\", \"group\": 0}]}");
    }

    @Test
    public void aLimitIsWhatIsSaidOfIt() throws Exception {
        Files.writeString(path, limits("\"iops\": 500"));
        InitiatorConfig read = new ConfigFile(path).load().initiators().get(0);
        assertEquals(new LimitConfig(500, 0, 100), read.limits());
        assertNotRead(
                "initiators[0].limits: iops of a limit is at least 10 and at most 1125899906842624, not 5",
                limits("\"iops\": 5"));
        assertNotRead(
                "initiators[0].limits: burstMillis of a limit is 0 to 10000, not -1",
                limits("\"iops\": 50, \"burstMillis\": -1"));
        assertNotRead(
                "initiators[0].limits: a limit needs iops or bandwidthBytes, or both", limits("\"burstMillis\": 5"));
        for (String wrong : new String[] {
            "\"iops\": \"many\"",
            "\"iops\": null",
            "\"bandwidthBytes\": 1.5",
            "\"burstMillis\": true",
            "\"speed\": 1, \"iops\": 50"
        }) {
            Files.writeString(path, limits(wrong));
            ConfigException refused = assertThrows(wrong, ConfigException.class, () -> new ConfigFile(path).load());
            String field = "initiators[0].limits." + wrong.split("\"")[1] + ":";
            assertTrue(refused.getMessage(), refused.getMessage().contains(field));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        }
    }

    private static String limits(String fields) {
        return "{\"version\": 1, \"initiators\": [{\"name\": \"a\", \"limits\": {" + fields + "}}]}";
    }

    @Test
    public void documentIsFitForPeople() throws Exception {
        saved(FULL);
        String expected = new String(
                ConfigFileTest.class.getResourceAsStream("gateway.json").readAllBytes(), StandardCharsets.UTF_8);
        String drawn = FULL.backstores().get(1).identity().naa();
        String serial = FULL.backstores().get(1).identity().serial();
        assertEquals(expected.strip().replace("NAA", drawn).replace("SERIAL", serial), Files.readString(path));
    }

    @Test
    public void filesAreTheOwnersAlone() throws Exception {
        saved(FULL).save(GatewayConfig.EMPTY);
        for (Path file : List.of(path, lastGood)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertArrayEquals(
                "nothing else is left",
                new String[] {"gateway.json", "gateway.json.last-good"},
                Arrays.stream(folder.getRoot().list()).sorted().toArray());
    }

    @Test
    public void documentBeforeTheLastChangeIsKept() throws Exception {
        ConfigFile file = saved(FULL);
        assertEquals("the first is a copy of itself", FULL, new ConfigFile(lastGood).load());
        file.save(GatewayConfig.EMPTY);
        assertEquals(FULL, new ConfigFile(lastGood).load());
        assertEquals(GatewayConfig.EMPTY, new ConfigFile(path).load());
    }

    @Test
    public void tornAtEveryByte() throws Exception {
        saved(FULL);
        byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length < whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            Files.write(path, torn);
            ConfigException refused =
                    assertThrows("torn at " + length, ConfigException.class, () -> new ConfigFile(path).load());
            assertFalse(refused.getMessage().contains("\n"));
            assertArrayEquals("never replaced", torn, Files.readAllBytes(path));
        }
    }

    @Test
    public void tornWithCopy() throws Exception {
        saved(FULL);
        Files.writeString(path, "{\"version\":");
        assertNotLoaded("is not valid: line 1, column 12: it ends before what was begun"
                + ": copy gateway.json.last-good over it, or correct it, then restart");
    }

    @Test
    public void missingWithCopy() throws Exception {
        saved(FULL);
        Files.delete(path);
        assertNotLoaded(
                "is missing: copy gateway.json.last-good over it, or remove that too to begin anew," + " then restart");
        assertFalse(Files.exists(path));
    }

    @Test
    public void changedBySomeoneElse() throws Exception {
        ConfigFile file = saved(FULL);
        Files.writeString(path, "mine");
        ConfigException refused = assertThrows(ConfigException.class, () -> file.save(GatewayConfig.EMPTY));
        assertEquals(
                path + " was changed by someone else and is left as it is: gateway:apply uses it as it is now,"
                        + " and so does a restart",
                refused.getMessage());
        assertEquals("mine", Files.readString(path));
    }

    @Test
    public void failedSaveChangesNothing() throws Exception {
        ConfigFile file = saved(FULL);
        Files.delete(lastGood);
        Files.createDirectories(lastGood.resolve("in the way"));
        assertThrows(ConfigException.class, () -> file.save(GatewayConfig.EMPTY));
        assertEquals(FULL, new ConfigFile(path).load());
        Files.delete(lastGood.resolve("in the way"));
        Files.delete(lastGood);
        file.save(GatewayConfig.EMPTY);
        assertEquals("and it works again", GatewayConfig.EMPTY, new ConfigFile(path).load());
    }

    @Test
    public void badDocuments() throws Exception {
        String identity = "\"identity\": {\"naa\": \"6a1b2c3d4e5f60718293a4b5c6d7e8f9\", \"serial\": \"s\"}";
        String flags = "\"thin\": false, \"readOnly\": false, \"removable\": false,"
                + " \"unmap\": false, \"thresholdPercent\": 0, "
                + identity;
        assertNotRead("its version is not 1", "{\"version\": 2}");
        assertNotRead("version: it is missing", "{}");
        assertNotRead("it is not a JSON object", "null");
        assertNotRead("extra: there is no such field", "{\"version\": 1, \"extra\": 1}");
        assertNotRead("line 1, column 25: Duplicate field 'version'", "{\"version\": 1, \"version\": 1}");
        assertNotRead(
                "portals[1]: port 99999 is not from 1 to 65535", "{\"version\": 1, \"portals\": [\"a\", \"a:99999\"]}");
        assertNotRead("portal a:3260 is there twice", "{\"version\": 1, \"portals\": [\"a\", \"a:3260\"]}");
        assertNotRead("targets[0].name: it is missing", "{\"version\": 1, \"targets\": [{\"luns\": []}]}");
        assertNotRead(
                "portals[0]: it is null: give it a value, or leave it out", "{\"version\": 1, \"portals\": [null]}");
        assertNotRead(
                "targets[0].luns[0].LUN: there is no such field",
                "{\"version\": 1, \"targets\": [{\"name\": \"iqn.2026-11.io.sluice:a\", \"enabled\": true,"
                        + " \"luns\": [{\"lun\": 0, \"backstore\": \"x\", \"readOnly\": false, \"LUN\": 0}]}]}");
        assertNotRead(
                "LUN 0 of target iqn.2026-11.io.sluice:a names the backstore x, which does not exist",
                "{\"version\": 1, \"targets\": [{\"name\": \"iqn.2026-11.io.sluice:a\", \"enabled\": true,"
                        + " \"accessState\": \"standby\","
                        + " \"luns\": [{\"lun\": 0, \"backstore\": \"x\", \"readOnly\": false}]}]}");
        assertNotRead(
                "targets[0].accessState: 'gone' is not an access state: it is one of active-optimized,"
                        + " active-non-optimized, standby, unavailable",
                "{\"version\": 1, \"targets\": [{\"name\": \"iqn.2026-11.io.sluice:a\", \"enabled\": true,"
                        + " \"accessState\": \"gone\", \"luns\": []}]}");
        assertNotRead(
                "backstores[0]: block size 1000 is not a power of two from 512 to 65536 bytes",
                "{\"version\": 1, \"backstores\": [{\"name\": \"a\", \"type\": \"null\", \"sizeBytes\": 1000,"
                        + " \"blockSize\": 1000, \"physicalBlockSize\": 1000, " + flags + "}]}");
        assertNotRead(
                "backstores[0]: 0 blocks of 512 bytes is not a valid capacity",
                "{\"version\": 1, \"backstores\": [{\"name\": \"a\", \"type\": \"null\", \"sizeBytes\": 0,"
                        + " \"blockSize\": 512, \"physicalBlockSize\": 512, " + flags + "}]}");
        assertNotRead(
                "backstores[0].sizeBytes: it is missing",
                "{\"version\": 1, \"backstores\": [{\"name\": \"a\", \"type\": \"null\", \"blockSize\": 512,"
                        + " \"physicalBlockSize\": 512, " + flags + "}]}");
        assertNotRead(
                "backstores[0].identity: it is null: give it a value, or leave it out",
                "{\"version\": 1, \"backstores\": [{\"name\": \"a\", \"type\": \"null\", \"sizeBytes\": 512,"
                        + " \"blockSize\": 512, \"physicalBlockSize\": 512, "
                        + flags.replace(identity, "\"identity\": null") + "}]}");
    }

    @Test
    public void nestingHasALimit() throws Exception {
        Files.writeString(path, "{\"version\": 1, \"portals\": " + "[".repeat(100_000));
        assertThrows(ConfigException.class, () -> new ConfigFile(path).load());
    }

    static final String SHORT = "{\"version\": 1,\"backstores\": ["
            + "{\"name\": \"a\", \"type\": \"file\", \"sizeBytes\": 8192, \"blockSize\": 4096,"
            + " \"options\": {\"path\": \"a.img\"}, \"layers\": [{\"type\": \"count\"}]},"
            + "{\"name\": \"b\", \"type\": \"null\", \"sizeBytes\": 512, \"thin\": false}],"
            + "\"targets\": [{\"name\": \"iqn.2026-11.io.sluice:a\", \"luns\": [{\"lun\": 3, \"backstore\": \"a\"}]},"
            + "{\"name\": \"iqn.2026-11.io.sluice:b\"}]}";

    @Test
    public void whatIsLeftOutHasADefault() throws Exception {
        Files.writeString(path, SHORT);
        GatewayConfig read = new ConfigFile(path).load();
        GatewayConfig expected = new GatewayConfig(
                List.of(),
                List.of(
                        BackstoreConfig.builder("a", "file")
                                .sizeBytes(8192)
                                .blockSize(4096)
                                .thin(true)
                                .unmap(true)
                                .identity(read.backstores().get(0).identity())
                                .options(Map.of("path", "a.img"))
                                .layers(List.of(new LayerConfig("count", null)))
                                .build(),
                        BackstoreConfig.builder("b", "null")
                                .sizeBytes(512)
                                .identity(read.backstores().get(1).identity())
                                .build()),
                List.of(
                        new TargetConfig(
                                new IscsiName("iqn.2026-11.io.sluice:a"),
                                true,
                                AccessState.ACTIVE_OPTIMIZED,
                                List.of(new LunConfig(3, "a", false))),
                        new TargetConfig(
                                new IscsiName("iqn.2026-11.io.sluice:b"),
                                true,
                                AccessState.ACTIVE_OPTIMIZED,
                                List.of())));
        assertEquals(expected, read);
    }

    @Test
    public void anIdentityIsDrawnOnceAndWrittenBack() throws Exception {
        Files.writeString(path, SHORT);
        GatewayConfig first = new ConfigFile(path).load();
        byte[] completed = Files.readAllBytes(path);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(first, new ConfigFile(path).load());
        assertArrayEquals("once", completed, Files.readAllBytes(path));
        assertEquals("a copy is as good as the document", first, new ConfigFile(lastGood).load());
    }

    @Test
    public void aDocumentWithIdentitiesIsOnlyRead() throws Exception {
        saved(FULL);
        String mine = Files.readString(path).replace("\n", "").replace("\"readOnly\" : false,", "");
        Files.writeString(path, mine);
        assertEquals(FULL, new ConfigFile(path).load());
        assertEquals(mine, Files.readString(path));
    }

    @Test
    public void anIdentityThatCannotBeKeptIsNotServed() throws Exception {
        Files.writeString(path, SHORT);
        Files.createDirectories(folder.getRoot().toPath().resolve(".gateway.json.new/in the way"));
        ConfigException refused = assertThrows(ConfigException.class, () -> new ConfigFile(path).load());
        assertTrue(
                refused.getMessage(),
                refused.getMessage().startsWith(path + " has no identity for a backstore, and cannot be written"));
        assertEquals("left as it is", SHORT, Files.readString(path));
    }

    @Test
    public void twoDisksOfOneIdentityAreRefused() throws Exception {
        String disk = "{\"name\": \"NAME\", \"type\": \"null\", \"sizeBytes\": 512, \"identity\":"
                + " {\"naa\": \"6a1b2c3d4e5f60718293a4b5c6d7e8f9\", \"serial\": \"s\"}}";
        assertNotRead(
                "backstores a and b have the same NAA 6a1b2c3d4e5f60718293a4b5c6d7e8f9: leave the identity out of the"
                        + " new one",
                "{\"version\": 1, \"backstores\": [" + disk.replace("NAME", "a") + "," + disk.replace("NAME", "b")
                        + "]}");
    }

    @Test
    public void textIsNoNumberAndNoTruth() throws Exception {
        for (String wrong : List.of(
                "\"blockSize\": \"512\"",
                "\"blockSize\": 512.5",
                "\"thin\": \"true\"",
                "\"thin\": 1",
                "\"blockSize\": 5000000000",
                "\"options\": []",
                "\"layers\": {}",
                "\"identity\": \"x\"")) {
            Files.writeString(
                    path,
                    "{\"version\": 1, \"backstores\": [{\"name\": \"a\", \"type\": \"null\", \"sizeBytes\": 512, "
                            + wrong + "}]}");
            ConfigException refused = assertThrows(wrong, ConfigException.class, () -> new ConfigFile(path).load());
            String place = path + " is not valid: backstores[0]." + wrong.substring(1, wrong.indexOf('"', 1)) + ": ";
            assertTrue(refused.getMessage(), refused.getMessage().startsWith(place));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        }
    }
}
