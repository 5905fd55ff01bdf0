package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** The console: who gets in, and what a mistake costs. */
public class ConsoleIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    @BeforeClass
    public static void prepare() throws IOException {
        SLUICE.console("target:create " + Sluice.TARGET + " --file disk.img --size 64M");
    }

    private static void refused(String command, String reason) throws IOException {
        String before = Files.readString(SLUICE.etc().resolve("gateway.json"));
        Tool.Result result = SLUICE.script("client", command).expectFailure();
        assertEquals(result.output(), 1, result.lines().size());
        assertTrue(result.output(), result.output().contains(reason));
        assertEquals("nothing half made", before, Files.readString(SLUICE.etc().resolve("gateway.json")));
    }

    @Test
    public void everyMistakeIsOneClearLineAndChangesNothing() throws IOException {
        Path folder = SLUICE.volumes();
        refused("target:create disk0", "'disk0' is not an iSCSI name: write it like iqn.");
        refused("target:create " + Sluice.TARGET, "there is a target " + Sluice.TARGET + " already");
        refused("target:create iqn.2026-11.io.sluice:x --file x.img --size 10Q", "'10Q' is not a size");
        refused("target:create iqn.2026-11.io.sluice:x --file x.img --size 1000", "not a multiple of the block size");
        refused(
                "target:create iqn.2026-11.io.sluice:x --file no/such/x.img --size 1M",
                "volumes/no/such does not exist: make it first");
        refused("target:create iqn.2026-11.io.sluice:x --file " + folder + " --size 1M", "is a directory");
        refused(
                "target:create iqn.2026-11.io.sluice:x --file /etc/passwd",
                "/etc/passwd is outside of the folders for disks (" + folder + "): put it there, or add its folder to"
                        + " roots in " + SLUICE.etc().resolve("io.sluice.backstore.file.cfg"));
        refused(
                "target:create iqn.2026-11.io.sluice:x --file " + folder + "/disk.img",
                "is in use by backstore disk: name another file");
        refused("target:create iqn.2026-11.io.sluice:x --file " + folder + "/new.img", "does not exist: add --size");
        refused(
                "backstore:create tape t0 --size 1M",
                "there is no backstore type 'tape': the installed ones are file, memory, null");
        refused("backstore:create file f0 --size 1M", "type file needs the option path");
        refused("backstore:create memory m0 --size 1M -o colour=red", "type memory has no option 'colour'");
        refused("backstore:create memory m0 --size 1000K --block-size 1000", "is not a power of two");
        refused("backstore:delete disk", "is in use as " + Sluice.TARGET + " lun 0");
        refused("backstore:resize disk 1M", "cannot be made smaller");
        refused("lun:map " + Sluice.TARGET + " disk --lun 0", "LUN 0 of target " + Sluice.TARGET + " is in use");
        refused("lun:map " + Sluice.TARGET + " disk --lun 16384", "LUN 16384 is not from 0 to 16383");
        refused("lun:map " + Sluice.TARGET + " nosuch", "there is no backstore nosuch");
        refused("lun:unmap " + Sluice.TARGET + " 5", "has no LUN 5");
        refused("portal:create 127.0.0.1:99999", "port 99999 is not from 1 to 65535");
        refused("portal:create 192.0.2.1:3260", "does not say who may use it");
        refused("portal:create 192.0.2.1:3260 --open-to-all", "this machine has no such address");
        refused("portal:delete " + SLUICE.portalText(), "is the only one");
        refused("session:close 4711", "there is no session 4711");
        assertFalse(Files.exists(folder.resolve("new.img")));
    }

    @Test
    public void aPortalThatIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused("portal:create 127.0.0.1:" + other.getLocalPort(), "the address is in use");
        }
    }

    @Test
    public void aFileThatIsTooLargeForItsFileSystem() throws IOException {
        refused("backstore:create file huge --path huge.img --size 8E", "'8E' is not a size");
        refused(
                "backstore:create file huge --path huge.img --size 100T -o preallocate=true",
                "huge.img cannot be made");
        assertFalse(Files.exists(SLUICE.volumes().resolve("huge.img")));
    }

    @Test
    public void portalsComeAndGo() throws IOException {
        String portal = "127.0.0.1:" + Sluice.freePort();
        SLUICE.console("portal:create " + portal);
        String list = Tool.run("iscsi-ls", "iscsi://" + portal).expectSuccess().output();
        assertTrue(list, list.contains("Portal:" + portal) && list.contains("Portal:" + SLUICE.portalText()));
        String six = "[::1]:" + Sluice.freePort();
        SLUICE.console("portal:create \"" + six + "\"");
        Tool.run("iscsi-ls", "iscsi://" + six).expectSuccess();
        SLUICE.console("portal:delete \"" + six + "\"; portal:delete " + portal);
        Tool.run("iscsi-ls", "iscsi://" + portal).expectFailure();
    }

    /** A change counts at once; one that does not do costs that setting alone, and the status says so. */
    @Test
    public void aSettingIsChangedWhileTheGatewayRuns() throws Exception {
        SLUICE.console("config:edit io.sluice.iscsi; config:property-set dataMemoryMiB 40; config:update");
        awaitStatus("Data memory +\\S+ of 40M");
        SLUICE.console(
                "config:edit io.sluice.iscsi; config:property-set dataMemoryMiB lots; config:property-set theads 2;"
                        + " config:update");
        awaitStatus(
                "in etc/io.sluice.iscsi.cfg dataMemoryMiB is a number from 40 to \\d+, not 'lots': it works with 128");
        awaitStatus("in etc/io.sluice.iscsi.cfg there is no setting 'theads': it does nothing");
        Tool.run("iscsi-ls", "-s", "iscsi://" + SLUICE.portalText()).expectSuccess();
        SLUICE.console(
                "config:edit io.sluice.iscsi; config:property-delete dataMemoryMiB; config:property-delete theads;"
                        + " config:update");
        awaitStatus("Problems +none");
        assertFalse(SLUICE.log(), SLUICE.log().contains("\tat "));
    }

    @Test
    public void noPasswordIsShipped() throws IOException {
        for (String user : new String[] {"karaf", "admin", "root", "local"}) {
            Console.openSsh(SLUICE, user, Path.of("/dev/null"), "target:list").expectFailure();
        }
        assertTrue(Files.readAllLines(SLUICE.etc().resolve("users.properties")).stream()
                .allMatch(line -> line.isBlank() || line.startsWith("#") || line.startsWith("_g_")));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(SLUICE.etc().resolve("client.key"))));
    }

    @Test
    public void aViewerWithAKeyMayLookButNotChange() throws IOException {
        Path key = SLUICE.folder().resolve("viewer.key");
        String publicKey = Console.newKey(key);
        Files.writeString(
                SLUICE.etc().resolve("keys.properties"),
                "watcher = " + publicKey + ",viewer,ssh\n",
                StandardOpenOption.APPEND);
        assertTrue(ssh(key, "target:list").expectSuccess().output().contains(Sluice.TARGET));
        ssh(key, "target:delete " + Sluice.TARGET).expectFailure();
        assertTrue(SLUICE.console("target:list").contains(Sluice.TARGET));
    }

    /** The server begins anew with other settings, so it is asked until it has. */
    private static void awaitStatus(String pattern) throws IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        String status;
        do {
            status = SLUICE.script("client", "gateway:status").output();
            assertTrue(pattern + " is not in " + status, System.nanoTime() < deadline);
        } while (!Pattern.compile(pattern).matcher(status).find());
    }

    private static Tool.Result ssh(Path key, String command) {
        return Console.openSsh(SLUICE, "watcher", key, command);
    }

    @Test
    public void onlyThePortalAndTheConsoleListenAndOnlyHere() throws IOException {
        long pid = SLUICE.pid();
        for (String line : Tool.run("ss", "-Hltnp").expectSuccess().lines()) {
            if (line.contains("pid=" + pid + ",")) {
                assertTrue(line, line.contains("127.0.0.1"));
            }
        }
    }
}
