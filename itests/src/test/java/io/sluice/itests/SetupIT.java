package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Test;

/** The questions of the first start, answered by somebody at a terminal. */
public class SetupIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static final String HOST = "iqn.2026-11.com.example:host";
    private static final String SECRET = "long-enough-secret";

    private static void answer(Terminal terminal, String question, String answer) throws IOException {
        terminal.await("the question " + question, screen -> shows(screen, question));
        terminal.press(answer + "\r");
    }

    private static boolean shows(Terminal terminal, String text) {
        return terminal.screen().stream().anyMatch(row -> row.contains(text));
    }

    @Test
    public void theAnswersAreADiskThatAHostCanUse() throws IOException {
        try (Terminal terminal = Terminal.open(SLUICE)) {
            terminal.clear().type("gateway:setup").enter();
            answer(terminal, "Address that hosts reach it at", "");
            answer(terminal, "Folder of the disks", "");
            answer(terminal, "Name of the disk", "first");
            answer(terminal, "Its size", "16M");
            answer(terminal, "may use it, or all", HOST);
            answer(terminal, "prove who it is", "yes");
            answer(terminal, "Secret of CHAP user first-host", SECRET);
            answer(terminal, "Again:", SECRET);
            terminal.await("what to type on the host", screen -> shows(screen, "With QEMU:"));
            assertFalse("nothing is echoed", shows(terminal, SECRET));
        }
        String target = "iqn.2026-11.io.sluice:first";
        assertEquals(List.of(target), Console.configured(SLUICE, "targets"));
        String url = "iscsi://first-host%" + SECRET + "@" + SLUICE.portalText() + "/" + target + "/0";
        Tool.run("iscsi-inq", "-i", HOST, url).expectSuccess();
        Tool.run("iscsi-inq", "-i", HOST, url.replace(SECRET, "another-secret!!"))
                .expectFailure();
        Tool.run("iscsi-inq", "-i", HOST + "2", url).expectFailure();
    }

    @Test
    public void whoLeavesHasMadeNothingAndAScriptIsToldSo() throws IOException {
        String before = configured();
        try (Terminal terminal = Terminal.open(SLUICE)) {
            terminal.clear().type("gateway:setup").enter();
            answer(terminal, "Address that hosts reach it at", "192.0.2.1");
            answer(terminal, "Folder of the disks", "");
            answer(terminal, "Name of the disk", "left");
            terminal.await("the question", screen -> shows(screen, "Its size"));
            terminal.press("\u0003");
            terminal.await("a line that says so", screen -> shows(screen, "nothing has changed"));
        }
        Tool.Result script = SLUICE.script("client", "gateway:setup").expectFailure();
        assertEquals(script.output(), 1, script.lines().size());
        assertTrue(script.output(), script.output().contains("no terminal"));
        assertEquals(before, configured());
        assertFalse(Files.exists(SLUICE.volumes().resolve("left.img")));
    }

    private static String configured() throws IOException {
        return SLUICE.console("portal:list; backstore:list; target:list; initiator:list");
    }
}
