package io.sluice.manager.foreign;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.manager.document.Documents;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.Test;

/** What other targets have saved becomes a document of ours, and what cannot is said. */
public class ForeignFormatTest {

    private static final StorageSizes SIZES =
            path -> path.contains("gone") ? OptionalLong.empty() : OptionalLong.of((1 << 20) + 7);

    private static String text(String resource) throws Exception {
        return new String(ForeignFormatTest.class.getResourceAsStream(resource).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static GatewayConfig read(ForeignDocument taken) throws ConfigException {
        return Documents.read(taken.document(), GatewayConfig.EMPTY, true);
    }

    private static void assertLeft(ForeignDocument taken, String... beginnings) {
        assertEquals(
                String.join("\n", taken.left()), beginnings.length, taken.left().size());
        for (int i = 0; i < beginnings.length; i++) {
            assertTrue(taken.left().get(i), taken.left().get(i).startsWith(beginnings[i]));
        }
    }

    @Test
    public void gotgt() throws Exception {
        ForeignDocument taken = ForeignFormat.of("gotgt").read(text("gotgt.json"), GatewayConfig.EMPTY, SIZES);
        GatewayConfig config = read(taken);
        assertEquals(
                List.of("gotgt-1000"),
                config.backstores().stream().map(BackstoreConfig::name).toList());
        assertEquals(
                Map.of("path", "/var/tmp/disk.img"), config.backstores().get(0).options());
        assertEquals("whole blocks", 1 << 20, config.backstores().get(0).sizeBytes());
        assertEquals(
                List.of("127.0.0.1:3260", "192.0.2.1:3260"),
                config.portals().stream().map(PortalConfig::address).toList());
        TargetConfig target = config.targets().get(0);
        assertEquals("iqn.2016-09.com.gotgt.gostor:example_tgt_0", target.name().value());
        assertEquals("gotgt-1000", target.lun(1).orElseThrow().backstore());
        assertEquals(1, target.luns().size());
        assertLeft(
                taken,
                "storage 2000: it is on 'ceph:/rbd/image'",
                "storage 3000: there is no file /gone.img",
                "target iqn.2016-09.com.gotgt.gostor:example_tgt_0: gotgt lets everybody use it",
                "target iqn.2016-09.com.gotgt.gostor:example_tgt_0: it names the portal 9",
                "target iqn.2016-09.com.gotgt.gostor:example_tgt_0 LUN 2: its storage 2000",
                "target no name: that is not an iSCSI name");
    }

    @Test
    public void moreValuesThanMemoryHoldsAreRefused() {
        String many = "{\"a\":[{\"\":0}" + ",{\"\":0}".repeat(500_000) + "]}";
        for (String format : List.of("gotgt", "targetcli")) {
            ConfigException refused = assertThrows(
                    ConfigException.class, () -> ForeignFormat.of(format).read(many, GatewayConfig.EMPTY, SIZES));
            assertTrue(refused.getMessage(), refused.getMessage().contains("has too many values"));
        }
    }

    @Test
    public void targetcli() throws Exception {
        ForeignDocument taken = ForeignFormat.of("targetcli").read(text("saveconfig.json"), GatewayConfig.EMPTY, SIZES);
        GatewayConfig config = read(taken);
        assertEquals(
                List.of("file disk1 1048576", "file sdb 1048576", "memory rd-1 4194304"),
                config.backstores().stream()
                        .map(store -> store.type() + " " + store.name() + " " + store.sizeBytes())
                        .toList());
        BackstoreConfig disk = config.backstore("disk1").orElseThrow();
        assertEquals("6001405f0e4a2b8c1d24e5f90a1b2c3d", disk.identity().naa());
        assertTrue("it was not cached", config.backstore("sdb").orElseThrow().writeThrough());
        assertEquals(
                List.of("0.0.0.0:3260", "[2001:db8::1]:3261"),
                config.portals().stream().map(PortalConfig::address).toList());
        TargetConfig target = config.target(new IscsiName("iqn.2003-01.org.linux-iscsi.host:one"))
                .orElseThrow();
        assertEquals(
                List.of("web1"),
                target.grants().stream().map(grant -> grant.initiator()).toList());
        assertEquals(
                List.of(new LunView(0, 0, false), new LunView(4, 1, true)),
                target.grants().get(0).luns());
        InitiatorConfig web = config.initiator("web1").orElseThrow();
        assertEquals(List.of("iqn.1993-08.org.debian:web1"), web.names());
        assertEquals("webuser", web.chap().user());
        assertEquals("gateway", web.mutual().user());
        assertEquals(Set.of("web1.chap", "web1.mutual"), taken.secrets().keySet());
        TargetConfig open = config.target(new IscsiName("iqn.2003-01.org.linux-iscsi.host:demo"))
                .orElseThrow();
        assertTrue("demo mode was protected", open.grants().get(0).readOnly());
        assertEquals(List.of(), config.initiator("everybody-demo").orElseThrow().names());
        TargetConfig shut = config.target(new IscsiName("iqn.2003-01.org.linux-iscsi.host:nobody"))
                .orElseThrow();
        assertFalse("nobody could use it, and nobody can", shut.enabled());
        assertLeft(
                taken,
                "backstore pscsi/tape: storage of this kind",
                "target iqn.2003-01.org.linux-iscsi.host:one LUN 2: its storage '/backstores/pscsi/tape'",
                "initiator short: for chap there have to be",
                "target iqn.2003-01.org.linux-iscsi.host:one initiator iqn.1993-08.org.debian:short: it is not allowed",
                "target iqn.2003-01.org.linux-iscsi.host:one initiator iqn.1993-08.org.debian:none: it sees no LUN",
                "target iqn.2003-01.org.linux-iscsi.host:nobody: nobody may use it, so it is disabled",
                "target naa.5001405abcdef012: it is of the fabric 'qla2xxx'");
    }

    @Test
    public void aFileThatIsNotThereIsNotMadeEmpty() throws Exception {
        String gone = text("saveconfig.json").replace("/srv/disk1.img", "/srv/gone.img");
        ForeignDocument taken = ForeignFormat.of("targetcli").read(gone, GatewayConfig.EMPTY, SIZES);
        assertEquals(
                List.of("sdb", "rd-1"),
                read(taken).backstores().stream().map(BackstoreConfig::name).toList());
        assertTrue(
                taken.left().get(0),
                taken.left().contains("backstore fileio/disk1: there is no '/srv/gone.img' here that can be read"));
    }

    @Test
    public void whoHadLessIsNotLetInAsEverybody() throws Exception {
        String all = "\"authentication\": 0, \"demo_mode_write_protect\": 0, \"generate_node_acls\": 1";
        String open = text("saveconfig.json")
                .replace("\"authentication\": 1, \"demo_mode_write_protect\": 1, \"generate_node_acls\": 0", all);
        IscsiName one = new IscsiName("iqn.2003-01.org.linux-iscsi.host:one");
        ForeignDocument taken = ForeignFormat.of("targetcli").read(open, GatewayConfig.EMPTY, SIZES);
        assertEquals(
                List.of("web1", "short"),
                read(taken).target(one).orElseThrow().grants().stream()
                        .map(grant -> grant.initiator())
                        .toList());
        assertTrue(
                String.join("\n", taken.left()),
                taken.left().stream()
                        .anyMatch(line -> line.startsWith("target " + one + ": it let everybody in, but")));
        String whole = open.replace("{ \"mapped_luns\": [], \"node_wwn\": \"iqn.1993-08.org.debian:none\" }", "")
                .replaceAll("(debian:short\"\\s*\\}),", "$1");
        assertEquals(
                List.of("web1", "short", "everybody-one"),
                read(ForeignFormat.of("targetcli").read(whole, GatewayConfig.EMPTY, SIZES))
                        .target(one)
                        .orElseThrow()
                        .grants()
                        .stream()
                        .map(grant -> grant.initiator())
                        .toList());
    }

    @Test
    public void secretsAreInNothingButTheSecrets() throws Exception {
        ForeignDocument taken = ForeignFormat.of("targetcli").read(text("saveconfig.json"), GatewayConfig.EMPTY, SIZES);
        for (String secret : List.of("the-host-proves", "the-target-proves", "tooshort")) {
            assertFalse(taken.document().contains(secret));
            assertFalse(taken.left().toString().contains(secret));
            assertFalse(taken.toString().contains(secret));
        }
        ConfigException refused = assertThrows(ConfigException.class, () -> ForeignFormat.of("targetcli")
                .read("{\"chap_password\": \"the-host-proves\" oops}", GatewayConfig.EMPTY, SIZES));
        assertFalse(refused.getMessage(), refused.getMessage().contains("proves"));
    }

    @Test
    public void whatIsThereAlreadyStays() throws Exception {
        ForeignDocument first = ForeignFormat.of("targetcli").read(text("saveconfig.json"), GatewayConfig.EMPTY, SIZES);
        GatewayConfig present = read(first);
        ForeignDocument again = ForeignFormat.of("targetcli").read(text("saveconfig.json"), present, SIZES);
        assertEquals(present, Documents.read(again.document(), present, true));
        assertEquals(Map.of(), again.secrets());
    }

    @Test
    public void anythingElseIsRefusedInOneLineOrLeavesNothing() throws Exception {
        assertEquals(
                "there is no format 'tgt': gotgt and targetcli are known",
                assertThrows(ConfigException.class, () -> ForeignFormat.of("tgt"))
                        .getMessage());
        for (String label : List.of("gotgt", "targetcli")) {
            for (String wrong : List.of("", "[]", "{", "{\"a\":1,\"a\":2}", "[".repeat(1000), "\u0000")) {
                ConfigException refused = assertThrows(wrong, ConfigException.class, () -> ForeignFormat.of(label)
                        .read(wrong, GatewayConfig.EMPTY, SIZES));
                assertEquals(
                        refused.getMessage(), 1, refused.getMessage().lines().count());
            }
            for (String odd : List.of(
                    "{}",
                    "{\"storages\": 7, \"targets\": [], \"storage_objects\": {\"x\": []}}",
                    "{\"targets\": {\"x\": 1}, \"storages\": [null, 1, {\"path\": {}}]}",
                    "{\"targets\": [1, null, {\"fabric\": \"iscsi\", \"tpgs\": [[]]}], \"storage_objects\": [{}, []]}")) {
                assertEquals(
                        odd, GatewayConfig.EMPTY, read(ForeignFormat.of(label).read(odd, GatewayConfig.EMPTY, SIZES)));
            }
        }
    }
}
