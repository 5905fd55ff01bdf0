package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import java.nio.file.Files;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** The questions of the first start: what comes of the answers, and that nothing comes of none. */
public class SetupCommandTest {

    private static final String MADE = "iqn.2026-11.io.sluice:db";

    @Rule
    public final SecretFiles folder = new SecretFiles();

    private final FakeGateway gateway = new FakeGateway();

    private String answer(String... answers) throws Exception {
        gateway.width = 80;
        gateway.typed.clear();
        gateway.typed.addAll(List.of(answers));
        return gateway.run("gateway:setup");
    }

    private List<String> names() {
        return gateway.calls.stream()
                .map(call -> call.replaceFirst("\\[.*", ""))
                .toList();
    }

    @Test
    public void aHostWithProofGetsItsDisk() throws Exception {
        String said = answer(
                "192.0.2.1", "", "db", "2G", "iqn.1993-08.org.debian:01:db", "", "a-long-secret!", "a-long-secret!");
        assertEquals(List.of("createInitiator", "createPortal", "createTarget", "allow"), names());
        assertTrue(gateway.calls.get(0), gateway.calls.get(0).contains("iqn.1993-08.org.debian:01:db"));
        assertEquals("createPortal[192.0.2.1:3260, group 1, 192.0.2.1:3260]", gateway.calls.get(1));
        assertTrue(gateway.calls.get(2), gateway.calls.get(2).contains(MADE));
        assertTrue(gateway.calls.get(2), gateway.calls.get(2).contains(folder.getRoot() + "/db.img"));
        assertTrue(said, said.contains("iscsiadm -m discovery -t sendtargets -p 192.0.2.1:3260\n"));
        assertTrue(said, said.contains("username -v db-host\n"));
        assertTrue(said, !said.contains("a-long-secret!"));
    }

    @Test
    public void whoSaysSoOpensItToAll() throws Exception {
        answer("192.0.2.1:3261", "", "db", "", "all");
        assertEquals(List.of("createPortal", "createTarget"), names());
        assertTrue(gateway.calls.get(0), gateway.calls.get(0).endsWith(", open to all]"));
    }

    @Test
    public void fromElsewhereNobodyIsLetInByEnterAlone() {
        Exception refused =
                assertThrows(Exception.class, () -> answer("192.0.2.1", "", "db", "", "", "", FakeGateway.CTRL_C));
        assertTrue(refused.getMessage(), refused.getMessage().endsWith("nothing has changed"));
        assertEquals(List.of(), gateway.calls);
    }

    @Test
    public void enterAloneMakesADiskForThisMachine() throws Exception {
        answer("", "", "", "", "");
        assertEquals(List.of("createTarget"), names());
        assertTrue(gateway.calls.get(0), gateway.calls.get(0).contains("iqn.2026-11.io.sluice:disk1"));
    }

    @Test
    public void whereThereIsNoTerminalOneLineSaysSo() {
        Exception refused = assertThrows(Exception.class, () -> gateway.run("gateway:setup"));
        assertTrue(refused.getMessage(), refused.getMessage().contains("gateway:setup --defaults"));
        assertEquals(List.of(), gateway.calls);
    }

    @Test
    public void whoeverLeavesAtAnyQuestionHasChangedNothing() throws Exception {
        String[] answers = {"192.0.2.1", "", "db", "2G", "iqn.1993-08.org.debian:01:db", "yes", "a-long-secret!"};
        for (int left = 0; left <= answers.length; left++) {
            String[] typed = new String[left + 1];
            System.arraycopy(answers, 0, typed, 0, left);
            typed[left] = FakeGateway.CTRL_C;
            Exception refused = assertThrows(Exception.class, () -> answer(typed));
            assertTrue(refused.getMessage(), refused.getMessage().endsWith("nothing has changed"));
            assertEquals("left at question " + left, List.of(), gateway.calls);
        }
    }

    @Test
    public void aWrongAnswerIsAskedForAgain() throws Exception {
        Files.createFile(folder.getRoot().toPath().resolve("there.img"));
        String said = answer(
                "nowhere:x", "[::1]:7", "relative", "/srv/d", "disk0", "no/name", "db", "much", "1G", "iqn", "all");
        assertTrue(said, said.contains("'nowhere:x' is not a portal"));
        assertTrue(said, said.contains("'relative' is not a whole path"));
        assertTrue(said, said.contains("there is a disk or a file of the name disk0 already"));
        assertTrue(said, said.contains("'much' is not a size"));
        assertEquals(List.of("createPortal", "createTarget"), names());
        assertThrows(Exception.class, () -> answer("x:x", "x:x", "x:x", "x:x", "x:x", "x:x"));
        assertThrows(Exception.class, () -> answer("", "", "there", FakeGateway.CTRL_C));
    }

    @Test
    public void whatCannotBeMadeTakesTheRestBack() {
        gateway.refused = "createTarget";
        gateway.refusal = new ConfigException("no room");
        Exception refused = assertThrows(
                Exception.class, () -> answer("192.0.2.1", "", "db", "2G", "iqn.1993-08.org.debian:01:db", "no"));
        assertTrue(refused.getMessage(), refused.getMessage().endsWith("no room"));
        assertEquals(List.of("createInitiator", "createPortal", "deletePortal", "deleteInitiator"), names());
    }
}
