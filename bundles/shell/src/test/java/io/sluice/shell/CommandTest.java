package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.TransportStatus;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;
import org.junit.Test;

/** Every command: what it asks of the gateway, what it prints, and how it fails. */
public class CommandTest {

    private static final String TARGET = OneOfEverything.TARGET;

    private final FakeGateway gateway = new FakeGateway();

    private String run(String line) throws Exception {
        return gateway.run(line);
    }

    @Test
    public void changesReachTheGateway() throws Exception {
        run("backstore:resize disk0 20G");
        run("backstore:reopen disk0");
        run("backstore:reopen --empty disk0");
        run("backstore:takeover disk0");
        run("backstore:takeover disk0 --force");
        run("backstore:delete disk0");
        run("target:create " + TARGET + " --backstore disk0 --backstore=disk1");
        run("target:enable " + TARGET);
        run("target:access " + TARGET + " standby");
        run("target:disable " + TARGET);
        run("target:delete " + TARGET + " --force");
        run("lun:map " + TARGET + " disk1 --read-only");
        run("lun:map --lun 7 " + TARGET + " disk1");
        run("lun:replace " + TARGET + " 7 disk2");
        run("backstore:move disk1 file --path a.img -o b=c --rate 1K");
        run("backstore:move disk1 file --path a.img");
        run("backstore:move-rate disk1 0");
        run("backstore:move-cancel disk1");
        run("lun:unmap " + TARGET + " 7");
        run("lun:unmap " + TARGET + " --force 7");
        run("portal:create \"[::1]:3261\"");
        run("portal:create 127.0.0.1 --group 2 --announce 192.0.2.9 --open-to-all");
        run("portal:set 127.0.0.1 --group 3");
        run("portal:set 127.0.0.1 --no-announce --open-to-all off");
        run("portal:set 127.0.0.1 --announce 192.0.2.9 --open-to-all on");
        run("portal:delete 127.0.0.1");
        run("session:close 3");
        run("gateway:apply");
        run("gateway:job-cancel 7e3f-2");
        assertEquals(
                List.of(
                        "resizeBackstore[disk0, 21474836480]",
                        "reopenBackstore[disk0, false]",
                        "reopenBackstore[disk0, true]",
                        "takeOverBackstore[disk0, false]",
                        "takeOverBackstore[disk0, true]",
                        "deleteBackstore[disk0]",
                        "createTarget[" + TARGET + ", [disk0, disk1]]",
                        "setTargetEnabled[" + TARGET + ", true]",
                        "setTargetAccessState[" + TARGET + ", STANDBY]",
                        "setTargetEnabled[" + TARGET + ", false]",
                        "deleteTarget[" + TARGET + ", true]",
                        "mapLun[" + TARGET + ", LunConfig[lun=1, backstore=disk1, readOnly=true]]",
                        "mapLun[" + TARGET + ", LunConfig[lun=7, backstore=disk1, readOnly=false]]",
                        "replaceLun[" + TARGET + ", 7, disk2]",
                        "moveBackstore[disk1, file, {b=c, path=a.img}, 1024]",
                        "moveBackstore[disk1, file, {path=a.img}, 0]",
                        "setMoveRate[disk1, 0]",
                        "cancelMove[disk1]",
                        "unmapLun[" + TARGET + ", 7, false]",
                        "unmapLun[" + TARGET + ", 7, true]",
                        "createPortal[[::1]:3261, group 1, [::1]:3261]",
                        "createPortal[127.0.0.1:3260, group 2, 192.0.2.9:3260, open to all]",
                        "changePortal[127.0.0.1:3260, group 3, 198.51.100.7:3260, open to all]",
                        "changePortal[127.0.0.1:3260, group 2, 127.0.0.1:3260]",
                        "changePortal[127.0.0.1:3260, group 2, 192.0.2.9:3260, open to all]",
                        "deletePortal[127.0.0.1:3260]",
                        "closeSession[3]",
                        "applyConfiguration[]",
                        "cancelJob[7e3f-2]"),
                gateway.calls);
    }

    @Test
    public void storageIsAskedForAsTheOptionsSay() throws Exception {
        run("backstore:create file d1 --path x.img --size 1M --block-size 4096 --thick --removable"
                + " -o preallocate=true --create-from y.img");
        run("backstore:create --no-unmap --threshold 80 memory --size 1M d2 --read-only --write-through");
        run("target:create " + TARGET + " --file y.img --size 2M");
        Map<String, String> settings = Map.of("path", "x.img", "preallocate", "true", "createFrom", "y.img");
        assertEquals(
                List.of(
                        "createBackstore["
                                + new BackstoreRequest(
                                        "d1", "file", 1 << 20, 4096, 0, false, false, true, false, 0, settings)
                                + "]",
                        "createBackstore["
                                + new BackstoreRequest(
                                        "d2", "memory", 1 << 20, 512, 0, true, true, false, false, 80, Map.of(), "", "",
                                        true)
                                + "]",
                        "createTarget[" + TARGET + ", "
                                + new BackstoreRequest(
                                        "disk0-2",
                                        "file",
                                        2 << 20,
                                        512,
                                        0,
                                        true,
                                        false,
                                        false,
                                        true,
                                        0,
                                        Map.of("path", "y.img"))
                                + "]"),
                gateway.calls);
    }

    @Test
    public void aDiskCanHaveAnIdentityOfChoice() throws Exception {
        run("backstore:create memory d1 --size 1M --naa 3123456789abcdef --serial S-1");
        run("backstore:create memory d1 --size 1M");
        assertTrue(
                gateway.calls.get(0),
                gateway.calls.get(0).endsWith("naa=3123456789abcdef, serial=S-1, writeThrough=false]]"));
        assertTrue(gateway.calls.get(1), gateway.calls.get(1).endsWith("naa=, serial=, writeThrough=false]]"));
    }

    @Test
    public void whatAFlushDoesNotPromiseIsSaid() throws Exception {
        gateway.medium = "a file in memory (tmpfs)";
        gateway.caution = "nothing survives a restart of this machine";
        String said = "It is a file in memory (tmpfs): nothing survives a restart of this machine.\n";
        assertEquals(
                "Created backstore disk0 of 10G.\n" + said, run("backstore:create file disk0 --path y.img --size 10G"));
        assertTrue(run("target:create " + TARGET + " --file y.img --size 10G").endsWith(said));
        String info = run("backstore:info disk0");
        assertTrue(info, info.contains(gateway.medium) && info.contains(gateway.caution));
    }

    @Test
    public void storageThatCannotBeThinIsSaidToBeThick() throws Exception {
        String create = "backstore:create memory d1 --size 10G";
        String target = "target:create " + TARGET + " --file y.img --size 10G";
        assertEquals("Created backstore disk0 of 10G.\n", run(create));
        assertEquals("Created target " + TARGET + ": LUN 0 is backstore disk0 of 10G.\n", run(target));
        gateway.thin = false;
        assertTrue(run(create).contains("of 10G, thick: its storage cannot give blocks back."));
        assertTrue(run(target).contains("of 10G, thick: its storage cannot give blocks back."));
        assertEquals("Created backstore disk0 of 10G.\n", run(create + " --thick"));
    }

    @Test
    public void whatWasChangedInTheFileIsListed() throws Exception {
        assertEquals("Nothing has changed.\n", run("gateway:apply"));
        gateway.changes = List.of("backstore d1 was made", "portal 127.0.0.1:3261 is closed");
        assertEquals("backstore d1 was made\nportal 127.0.0.1:3261 is closed\n", run("gateway:apply"));
    }

    @Test
    public void listsAreAligned() throws Exception {
        assertEquals(
                """
                Name   Type  Size  Used  Free  State   Mapped
                disk0  file  10G   4K    1M    online  iqn.2026-11.io.sluice:disk0 lun 0
                """,
                run("backstore:list"));
        assertEquals(
                """
                Target                       State    Access            LUNs  Sessions
                iqn.2026-11.io.sluice:disk0  enabled  active-optimized  1     1
                """,
                run("target:list"));
        assertTrue(run("lun:list " + TARGET).contains("0    disk0      read-write"));
        assertTrue(run("lun:list --sessions").contains("iqn.host 127.0.0.1:9 as LUN 7 read-only\n"));
        assertEquals(
                """
                Portal          Group  Announced as       Open targets  State      Problem
                127.0.0.1:3260  2      198.51.100.7:3260  for all       listening  -
                """,
                run("portal:list"));
        assertEquals(
                """
                Id  Initiator  Target                       Remote                     As                   Cmd/s  Read/s  Written/s
                3   iqn.host   iqn.2026-11.io.sluice:disk0  127.0.0.1:9, 127.0.0.1:10  web1 (CHAP webuser)  70     5K      10K
                """,
                run("session:list"));
        assertTrue(run("backstore:types").contains("path (required), key (file with a secret)"));
    }

    @Test
    public void layersAreChanged() throws Exception {
        run("backstore:layer add disk0 fog a=1 b=c=d --format");
        run("backstore:layer set disk0 limit iops=5 key=");
        run("backstore:layer remove disk0 limit");
        assertEquals(
                List.of(
                        "addLayer[disk0, LayerConfig[type=fog, options={a=1, b=c=d}], true]",
                        "setLayer[disk0, LayerConfig[type=limit, options={iops=5}]]",
                        "removeLayer[disk0, limit]"),
                gateway.calls);
        fails("backstore:layer take disk0 limit", "'take' is none of add, set and remove");
        fails("backstore:layer set disk0 limit --format", "--format goes with add");
        fails("backstore:layer set disk0 limit 5", "'5' is not a setting: write it like key=value");
        assertTrue(run("backstore:layers --types").contains("iops, key (file with a secret)"));
        assertTrue(run("backstore:layers disk0").contains("limit"));
    }

    @Test
    public void propertiesAreAligned() throws Exception {
        String info = run("backstore:info disk0");
        for (String line : List.of(
                "Physical block size  4096",
                "Options              path=/srv/disk0",
                "Used                 4K",
                "Free where it is     1M",
                "Reads                5",
                "Writes               6",
                "Read                 2.5K",
                "Written              3K",
                "Errors               1")) {
            assertTrue(info, info.contains(line + "\n"));
        }
        assertTrue(run("target:info " + TARGET).contains("LUNs           0 disk0\n"));
        assertTrue(run("session:info 3").contains("Negotiated   InitialR2T=No\n"));
        String status = run("gateway:status");
        assertTrue(status, status.contains("Uptime              1 min 1 s\n"));
        assertTrue(status, status.contains("Problems            none\n"));
    }

    @Test
    public void whatIsWrongIsShownEverywhere() throws Exception {
        gateway.state = BackstoreStatus.State.FULL;
        gateway.problem = "there is no space left: make some, then use backstore:reopen disk0";
        gateway.transport = new TransportStatus(1024, 128 << 20, 7, "iqn.host for 3 s", 9, 8, 4, 123);
        assertTrue(run("backstore:list").contains("  full  "));
        String info = run("backstore:info disk0");
        for (String line : List.of(
                "State                full",
                "Problem              " + gateway.problem,
                "Operations running   3",
                "Operations held      2",
                "Operations overdue   1",
                "Layers               limit",
                "                     count")) {
            assertTrue(info, info.contains(line + "\n"));
        }
        String status = run("gateway:status");
        for (String line : List.of(
                "Backstores away     5",
                "Backstores fenced   6",
                "Connections         9",
                "Not logged in       8",
                "Data memory         1K of 128M",
                "Waiting for memory  7",
                "Longest wait        iqn.host for 3 s",
                "Event loop stalls   4",
                "Longest stall       123 ms",
                "Problems            " + gateway.problem)) {
            assertTrue(status, status.contains(line + "\n"));
        }
    }

    @Test
    public void failuresAreOneLine() {
        gateway.refusal = new ConfigException("backstore disk0 is in use: unmap it first");
        fails("backstore:delete disk0", "backstore disk0 is in use: unmap it first");
        fails("target:enable disk0", "'disk0' is not an iSCSI name");
        fails("target:access " + TARGET + " gone", "'gone' is not an access state");
        fails("backstore:create memory d3 --thick --no-unmap", "--no-unmap and --threshold are for thin disks");
        fails("backstore:resize disk0 1X", "'1X' is not a size");
        fails("backstore:info other", "there is no backstore other");
        fails("session:info 4", "there is no session 4");
        fails("target:info iqn.2026-11.io.sluice:x", "there is no target iqn.2026-11.io.sluice:x");
        fails("backstore:create file d --thin --thick", "exclude each other");
        fails("target:create " + TARGET + " --size 1G", "go with --file");
        fails("backstore:create file d -o colour", "write it like key=value");
    }

    @Test
    public void aLineThatCannotBeReadSaysWhatIsWrongWithIt() {
        fails("backstore:create", "TYPE is missing: write backstore:create TYPE NAME [OPTION...]");
        fails("backstore:create file", "NAME is missing: write backstore:create TYPE NAME [OPTION...]");
        fails("backstore:info", "NAME is missing: write backstore:info NAME");
        fails("backstore:info disk0 disk1", "'disk1' is too much: write backstore:info NAME [OPTION...]");
        fails("backstore:info disk0 --jsn", "unknown option: '--jsn'");
        fails("backstore:create file d --size", "the value of --size is missing");
        fails("backstore:create file d --size 1G --size 2G", "option '--size' (SIZE) should be specified only once");
        fails("session:close x", "'x' is not a number: ID is one");
        fails("lun:map " + TARGET + " disk0 --lun x", "'x' is not a number: the value of --lun is one");
    }

    @Test
    public void atATerminalAFailureIsRedAndLeftToTheConsole() {
        gateway.width = 80;
        CommandException failure = assertThrows(CommandException.class, () -> run("backstore:info other"));
        assertEquals("\u001b[31mthere is no backstore other\u001b[39m", failure.getNiceHelp());
        assertEquals("", gateway.errors);
    }

    @Test
    public void anAddressInBracketsNeedsNoQuotes() throws Exception {
        gateway.command("portal:create").execute(gateway.session(), List.of(List.of("::1"), ":3261"));
        gateway.command("portal:delete").execute(gateway.session(), List.of(List.of("::1")));
        assertEquals(
                List.of("createPortal[[::1]:3261, group 1, [::1]:3261]", "deletePortal[[::1]:3260]"), gateway.calls);
    }

    @Test
    public void aBugIsOneLineToo() {
        gateway.refusal = new IllegalStateException("oops");
        fails("backstore:delete disk0", "a bug: java.lang.IllegalStateException: oops; the log has more");
    }

    @Test
    public void whoStopsWaitingCancelsWhatCanBe() throws Exception {
        gateway.refusal = ConfigException.goesOn("7e3f-2", "it is still going on after 60 s");
        fails("backstore:create memory d3 --size 1M", "it is still going on after 60 s");
        assertEquals(List.of(), gateway.calls);
        Thread.currentThread().interrupt();
        fails(
                "backstore:create memory d3 --size 1M",
                "moving backstore disk0 was cancelled, and nothing of it is left");
        assertTrue("the console finds out", Thread.interrupted());
        assertEquals(List.of("cancelJob[7e3f-2]"), gateway.calls);
    }

    private void fails(String line, String message) {
        CommandException failure = assertThrows(CommandException.class, () -> run(line));
        assertTrue(failure.getMessage(), failure.getMessage().contains(message));
        assertFalse(failure.getMessage().contains("\n"));
        assertTrue("the line is among the errors", gateway.errors.endsWith(failure.getMessage() + "\n"));
        assertEquals("nothing is left to the console", "", failure.getNiceHelp());
    }
}
