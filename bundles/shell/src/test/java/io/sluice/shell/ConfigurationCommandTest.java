package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.karaf.shell.support.CommandException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Documents come from files and go into files, and what they change is shown. */
public class ConfigurationCommandTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeGateway gateway = new FakeGateway();

    private Path file(byte[] content) throws Exception {
        return Files.write(folder.getRoot().toPath().resolve("a.json"), content);
    }

    private String refused(String line) {
        CommandException refused = assertThrows(line, CommandException.class, () -> gateway.run(line));
        assertEquals(1, refused.getMessage().lines().count());
        return refused.getMessage();
    }

    @Test
    public void documentsReachTheGatewayAsTheyAre() throws Exception {
        String file = file("{\"version\": 1}".getBytes(StandardCharsets.UTF_8)).toString();
        gateway.run("gateway:plan " + file);
        gateway.run("gateway:plan --merge " + file);
        gateway.run("gateway:apply " + file + " --why \"more room\"");
        gateway.run("gateway:apply --merge " + file);
        gateway.run("gateway:import " + file);
        gateway.run("gateway:import " + file + " --plan --format targetcli");
        gateway.run("gateway:import " + file + " --format gotgt --why new");
        gateway.run("gateway:rollback 7 --plan");
        gateway.run("gateway:rollback 7 --why back");
        gateway.run("gateway:export --target " + OneOfEverything.TARGET);
        assertEquals(
                List.of(
                        "plan[{\"version\": 1}, false]",
                        "plan[{\"version\": 1}, true]",
                        "apply[{\"version\": 1}, false, more room]",
                        "apply[{\"version\": 1}, true, ]",
                        "apply[{\"version\": 1}, true, ]",
                        "planImport[targetcli, {\"version\": 1}]",
                        "importForeign[gotgt, {\"version\": 1}, new]",
                        "revision[7]",
                        "plan[{\n}\n, false]",
                        "rollback[7, back]",
                        "export[Optional[" + OneOfEverything.TARGET + "]]"),
                gateway.calls);
    }

    @Test
    public void aPlanIsReadableAndColouredWhereThereAreColours() throws Exception {
        String file = file(new byte[] {'{', '}'}).toString();
        String plain = "~ target disabled (enabled true -> false); sessions end: 3, 4\n"
                + "+ backstore d1 made\n"
                + "- portal ?[2Jp closed\n"
                + "1 to add, 1 to change, 1 to remove; sessions that end: 2\n";
        assertEquals(plain, gateway.run("gateway:plan " + file));
        gateway.width = 30;
        assertTrue(gateway.run("gateway:plan " + file).contains("~ target disabled (enabled\n  true -> false);"));
        gateway.width = 80;
        assertEquals("a terminal without colours", plain, gateway.run("gateway:plan " + file));
        gateway.terminalType = "xterm-256color";
        String coloured = gateway.run("gateway:plan " + file);
        assertTrue(coloured, coloured.startsWith("\u001b[33m~ target"));
        assertTrue(coloured, coloured.contains("\u001b[32m+ backstore d1 made\u001b[39m\n"));
        assertTrue(coloured, coloured.contains("\u001b[31m- portal ?[2Jp closed\u001b[39m\n"));
        assertFalse(gateway.run("gateway:plan --json " + file).contains("\u001b"));
        gateway.differences = List.of();
        assertEquals("Nothing would change.\n", gateway.run("gateway:plan " + file));
        assertEquals("Nothing has changed.\n", gateway.run("gateway:apply " + file));
        assertEquals("[]\n", gateway.run("gateway:plan --json " + file));
    }

    @Test
    public void whatIsLeftOutOfAnImportIsSaid() throws Exception {
        String file = file(new byte[] {'{', '}'}).toString();
        assertTrue(gateway.run("gateway:import --format gotgt " + file).endsWith("! not taken over: tape\n"));
        assertTrue(gateway.run("gateway:import --json --format gotgt " + file).endsWith("\"left\":[\"tape\"]}\n"));
    }

    @Test
    public void anExportGoesIntoAFileThatIsNewAndForItsOwnerAlone() throws Exception {
        Path file = folder.getRoot().toPath().resolve("saved.json");
        assertEquals("Wrote " + file + ".\n", gateway.run("gateway:export " + file));
        assertEquals("{\n}\n", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "there is a file " + file + " already: name another, or remove it", refused("gateway:export " + file));
        assertTrue(refused("gateway:export " + file + "/x").startsWith("the gateway cannot write "));
    }

    @Test
    public void whatIsNoDocumentIsRefusedAndNobodyWaitsForIt() throws Exception {
        Path pipe = folder.getRoot().toPath().resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (String wrong :
                List.of(pipe.toString(), "/dev/zero", folder.getRoot().toString(), "/none/there")) {
            assertTrue(refused("gateway:plan " + wrong).startsWith("there is no file "));
        }
        assertTrue(refused("gateway:plan " + file(new byte[17 << 20])).endsWith("is larger than 16777216 bytes"));
        assertTrue(refused("gateway:apply " + file(new byte[] {'"', (byte) 0xE4, '"'}))
                .contains("not a text in UTF-8"));
        assertTrue(refused("gateway:apply --why x").contains("go with a FILE"));
        assertEquals(List.of(), gateway.calls);
    }

    @Test
    public void theHistoryIsAListAndARevisionCanBeNamed() throws Exception {
        assertTrue(gateway.run("gateway:history").contains("alice@127.0.0.1"));
        assertEquals(
                gateway.run("gateway:history --json").strip(),
                "[" + gateway.run("gateway:history 1234 --json").strip() + "]");
        assertFalse(gateway.run("gateway:history").contains("two"));
        assertTrue(gateway.run("gateway:history 1234").contains("two"));
        assertTrue(refused("gateway:history 8").startsWith("there is no revision 8"));
        assertTrue(refused("gateway:rollback x").contains("x"));
    }
}
