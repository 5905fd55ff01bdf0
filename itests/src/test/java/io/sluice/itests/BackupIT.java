package io.sluice.itests;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** What docs/backup.md says: a backup while hosts write, a restore elsewhere, and another release with the way back. */
public class BackupIT {

    private static final String BUSY = "iqn.2026-11.io.sluice:busy";
    private static final String QUIET = "iqn.2026-11.io.sluice:quiet";
    private static final long ISID = 77;
    private static final long KEY = 4711;

    @Rule
    public final Sluice original = new Sluice().light();

    private final Sluice copy = new Sluice().light();

    @Test
    public void aBackupUnderLoadIsAGatewayOfTheSameIdentityDataAndReservations() throws Exception {
        original.console("target:create " + BUSY + " --file busy.img --size 16M");
        original.console("target:create " + QUIET + " --file quiet.img --size 16M");
        Files.writeString(original.etc().resolve("web.secret"), "a-secret-of-web\n");
        Files.createDirectories(original.etc().resolve("secrets"));
        Files.writeString(original.etc().resolve("secrets/web.new"), "a secret of an operator\n");
        original.console("initiator:create web --chap web --secret-file web.secret");
        Files.writeString(original.etc().resolve("web.pem"), "a certificate\n");
        encrypt("near.img", "keys/near.header");
        encrypt("far.img", original.folder().resolve("far.header").toString());
        qemu(original, "write -P 0x5a 0 16M");
        try (Host host = Host.logIn(original, QUIET, ISID)) {
            host.reserveOut(Host.REGISTER_AND_IGNORE, 0, 0, KEY, true);
            host.reserveOut(Host.RESERVE, Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, KEY, 0, false);
        }
        String identity = identity(original);
        Path file = original.folder().resolve("a backup.tar.gz");
        try (VerifiedLoad load = new VerifiedLoad(original.portal(), BUSY, 1)) {
            load.over(Duration.ofSeconds(1));
            Tool.Result backup = original.script("backup", file.toString()).expectSuccess();
            assertEquals(backup.output(), 2, backup.lines().size());
            assertTrue(backup.output(), backup.output().contains("/far.header is not in it"));
            load.over(Duration.ofSeconds(1));
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        refused(original.script("backup", file.toString()), "already");
        refused(original.script("restore", file.toString()), "it runs");
        copy.prepare();
        // As one of a package that was just installed.
        copy.start().expectSuccess();
        copy.stop().expectSuccess();
        Path torn = original.folder().resolve("torn.tar.gz");
        byte[] whole = Files.readAllBytes(file);
        Files.write(torn, java.util.Arrays.copyOf(whole, whole.length / 2));
        refused(copy.script("restore", torn.toString()), "damaged");
        Tool.Result restored = copy.script("restore", file.toString()).expectSuccess();
        assertEquals(restored.output(), 1, restored.lines().size());
        assertEquals("a certificate\n", Files.readString(copy.etc().resolve("web.pem")));
        assertEquals("a secret of an operator\n", Files.readString(copy.etc().resolve("secrets/web.new")));
        assertArrayEquals(
                Files.readAllBytes(original.volumes().resolve("keys/near.header")),
                Files.readAllBytes(copy.volumes().resolve("keys/near.header")));
        refused(copy.script("restore", file.toString()), "already");
        original.stop().expectSuccess();
        for (String disk : List.of("busy.img", "quiet.img", "near.img", "far.img")) {
            Files.copy(original.volumes().resolve(disk), copy.volumes().resolve(disk));
        }
        listensWhereItIs(original, copy);
        copy.start().expectSuccess();
        try {
            assertEquals(identity, identity(copy));
            qemu(copy, "read -P 0x5a 0 16M");
            try (Host host = Host.logIn(copy, QUIET, ISID)) {
                assertArrayEquals(new long[] {KEY}, host.keys());
                assertEquals(
                        Long.toHexString(KEY) + " type " + Host.WRITE_EXCLUSIVE_REGISTRANTS_ONLY, host.reservation());
            }
            assertEquals(
                    "a-secret-of-web",
                    Files.readString(copy.etc().resolve("secrets/web.chap")).strip());
        } finally {
            copy.after();
        }
    }

    @Test
    public void withoutTheHeaderOfAnEncryptedDiskThereIsNoBackup() throws Exception {
        encrypt("vault.img", null);
        encrypt("near.img", "keys/near.header");
        Path file = original.folder().resolve("backup.tar.gz");
        String elsewhere = "env -u SLUICE_VOLUMES \"$SLUICE\" backup " + file;
        refused(original.shell(elsewhere), "set SLUICE_VOLUMES");
        original.stop().expectSuccess();
        oneThatIsWrittenByHand(original.etc().resolve("gateway.json"));
        refused(original.shell(elsewhere), Sluice.home() + "/volumes/vault.crypt, the header");
        String relative = Sluice.home().relativize(original.volumes()).toString();
        original.shell("cd /; SLUICE_VOLUMES=" + relative + " \"$SLUICE\" backup " + file)
                .expectSuccess();
        List<String> names =
                Tool.run("tar", "tzf", file.toString()).expectSuccess().lines();
        assertTrue(names.toString(), names.contains("./volumes/vault.crypt"));
        assertTrue(names.toString(), names.contains("./volumes/keys/near.header"));
        Files.delete(file);
        Files.delete(original.volumes().resolve("keys/near.header"));
        refused(original.script("backup", file.toString()), "/keys/near.header, the header");
        assertFalse(Files.exists(file));
    }

    /** In one line, with the members in another order. */
    private static void oneThatIsWrittenByHand(Path document) throws IOException {
        var gateway = (ObjectNode) Json.read(new Terminal.Outcome(false, Files.readString(document)));
        for (JsonNode disk : gateway.get("backstores")) {
            ((ObjectNode) disk).set("name", ((ObjectNode) disk).remove("name"));
            for (JsonNode layer : disk.get("layers")) {
                ((ObjectNode) layer).set("type", ((ObjectNode) layer).remove("type"));
            }
        }
        Files.writeString(document, gateway.toString());
    }

    /** @param header where it is to be, or null for where it is without being told */
    private void encrypt(String file, String header) throws IOException {
        String disk = file.replace(".img", "");
        original.console("backstore:create file " + disk + " --size 16M -o path=" + file);
        Path key = Files.writeString(original.folder().resolve("disk.key"), "correct horse battery");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String option = "";
        if (header != null) {
            Files.createDirectories(original.volumes().resolve(header).getParent());
            option = " header=" + header;
        }
        original.console("backstore:layer add " + disk + " crypt keyFile=" + key + option + " --format");
    }

    /** As the page says: the address of another machine is another one. */
    private static void listensWhereItIs(Sluice from, Sluice to) throws IOException {
        Path document = to.etc().resolve("gateway.json");
        Files.writeString(document, Files.readString(document).replace(from.portalText(), to.portalText()));
    }

    @Test
    public void anotherReleaseGoesOnWithTheConfigurationAndTheOldOneToo() throws Exception {
        original.console("target:create " + QUIET + " --file quiet.img --size 16M");
        qemu(original, "write -P 0x77 0 16M");
        String identity = identity(original);
        original.stop().expectSuccess();
        Path settings = original.etc().resolve("io.sluice.iscsi.cfg");
        Files.writeString(settings, Files.readString(settings) + "pingTimeoutSeconds = 29\n");
        Path home = original.folder().resolve("newer release");
        Tool.run("cp", "-a", Sluice.home().toString(), home.toString()).expectSuccess();
        Files.writeString(home.resolve("VERSION"), "99.0\n");
        Files.writeString(
                home.resolve("etc/startup.properties"),
                Files.readString(home.resolve("etc/startup.properties")) + "# of the newer release\n");
        Path startup = original.etc().resolve("startup.properties");
        original.shell("'" + home + "/bin/sluice' start").expectSuccess();
        try {
            assertTrue("its bundles", Files.readString(startup).contains("# of the newer release"));
            assertEquals(identity, identity(original));
            qemu(original, "read -P 0x77 0 16M");
        } finally {
            original.shell("'" + home + "/bin/sluice' stop").expectSuccess();
        }
        original.start().expectSuccess();
        assertFalse("the way back", Files.readString(startup).contains("# of the newer release"));
        assertTrue(Files.readString(original.etc().resolve("startup.properties.before"))
                .contains("newer release"));
        assertTrue("what was set stays", Files.readString(settings).contains("pingTimeoutSeconds = 29"));
        qemu(original, "read -P 0x77 0 16M");
    }

    @Test
    public void whatIsNotTakenOverIntoAnotherReleaseIsNamed() throws Exception {
        original.console("target:create " + QUIET + " --file quiet.img --size 16M");
        Path settings = original.etc().resolve("custom.properties");
        Files.writeString(settings, Files.readString(settings) + "of = mine\n");
        Path file = original.folder().resolve("backup.tar.gz");
        original.script("backup", file.toString()).expectSuccess();
        Path home = original.folder().resolve("newer release");
        Tool.run("cp", "-a", Sluice.home().toString(), home.toString()).expectSuccess();
        Files.writeString(home.resolve("VERSION"), "99.0\n");
        copy.prepare();
        Tool.Result restored =
                copy.shell("'" + home + "/bin/sluice' restore " + file).expectSuccess();
        assertTrue(restored.output(), restored.output().contains("not taken over"));
        assertTrue(restored.output(), restored.lines().get(0).endsWith(": custom.properties"));
    }

    @Test
    public void whatCannotBeReadIsNoBackupAndWhatIsUnderWayIsInNone() throws Exception {
        original.console("target:create " + QUIET + " --file quiet.img --size 16M");
        Path file = original.folder().resolve("backup.tar.gz");
        Path secrets = Files.createDirectories(original.etc().resolve("secrets"));
        Path link = Files.createSymbolicLink(secrets.resolve("web.chap"), Path.of("/no/such/secret"));
        refused(original.script("backup", file.toString()), "./secrets/web.chap");
        assertFalse(Files.exists(file));
        try (Stream<Path> left = Files.list(original.folder())) {
            assertFalse(left.anyMatch(one -> one.getFileName().toString().startsWith(".sluice-backup")));
        }
        Files.delete(link);
        Path state = original.folder().resolve("state");
        String naa = Json.read(new Terminal.Outcome(false, original.console("backstore:info quiet --json")))
                .get("naa")
                .asText();
        Files.createDirectories(state.resolve("traces"));
        Files.createDirectories(state.resolve("history"));
        List<String> underWay =
                List.of(naa + ".intent-7", naa + ".exchange", naa + ".move", naa + ".dirty", "traces/of-hosts.pcap");
        List<String> kept = List.of(naa + ".json", "history/of-mine", "move");
        for (String name : Stream.concat(underWay.stream(), kept.stream()).toList()) {
            Files.writeString(state.resolve(name), "something\n");
        }
        original.script("backup", file.toString()).expectSuccess();
        List<String> names =
                Tool.run("tar", "tzf", file.toString()).expectSuccess().lines();
        underWay.forEach(name -> assertFalse(name, names.contains("./state/" + name)));
        kept.forEach(name -> assertTrue(name, names.contains("./state/" + name)));
        assertTrue("which folder of states it is", names.contains("./etc/gateway.json.state"));
        asOneOfAnEarlierReleaseItReplacesTheMarkToo(original.folder(), file);
        theDocumentIsForcedAfterAllElse(file);
    }

    /** An archive that knows no folder of states is one that takes what it finds. */
    private static void asOneOfAnEarlierReleaseItReplacesTheMarkToo(Path folder, Path backup) throws IOException {
        Sluice earlier = new Sluice().light();
        earlier.prepare();
        Path archive = folder.resolve("earlier.tar.gz");
        Tool.run(
                        "bash",
                        "-c",
                        "set -e; mkdir \"$1\"; cd \"$1\"; tar xzf \"$2\"; rm etc/gateway.json.state state/folder-id;"
                                + " grep -v -e gateway.json.state -e folder-id SLUICE-BACKUP >kept; mv kept SLUICE-BACKUP;"
                                + " tar czf \"$3\" .",
                        "earlier",
                        folder.resolve("earlier").toString(),
                        backup.toString(),
                        archive.toString())
                .expectSuccess();
        Files.createDirectories(earlier.etc());
        Path mark = Files.writeString(earlier.etc().resolve("gateway.json.state"), "of one that was here before\n");
        earlier.script("restore", archive.toString()).expectSuccess();
        assertFalse("it is not what this one knows", Files.exists(mark));
    }

    /** Nobody says "Restored" of what a power loss takes. */
    private void theDocumentIsForcedAfterAllElse(Path backup) throws IOException {
        copy.prepare();
        Path tools = Files.createDirectories(copy.folder().resolve("tools"));
        Path calls = copy.folder().resolve("calls");
        Path sync = Files.writeString(
                tools.resolve("sync"),
                "#!/bin/sh\n[ -e \"$KARAF_ETC/gateway.json\" ] && when=after || when=before\necho $when \"$@\" >>'"
                        + calls + "'\nexec /usr/bin/env PATH=/usr/bin:/bin sync \"$@\"\n");
        assertTrue(sync.toFile().setExecutable(true));
        copy.shell("PATH='" + tools + "':$PATH \"$SLUICE\" restore " + backup).expectSuccess();
        List<String> forced = Files.readAllLines(calls);
        assertEquals(
                List.of(
                        "before -f " + copy.folder().resolve("state") + " " + copy.volumes() + " " + copy.etc(),
                        "before " + copy.etc().resolve("gateway.json.part"),
                        "after " + copy.etc()),
                forced.subList(forced.size() - 3, forced.size()));
    }

    private static void refused(Tool.Result result, String reason) {
        result.expectFailure();
        assertEquals(result.output(), 1, result.lines().size());
        assertTrue(result.output(), result.output().contains(reason));
    }

    private static String identity(Sluice sluice) throws IOException {
        var disk = Json.read(new Terminal.Outcome(false, sluice.console("backstore:info quiet --json")));
        return disk.get("naa") + " " + disk.get("serialNumber");
    }

    private static void qemu(Sluice sluice, String command) {
        Tool.run("qemu-io", "-f", "raw", "-c", command, sluice.url(QUIET, 0)).expectSuccess();
    }
}
