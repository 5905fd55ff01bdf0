package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Test;

/** What a real initiator sends is in the trace, and tshark reads the same in the file that it is exported to. */
public class TraceIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    private static List<String> tshark(String file, String filter, String... fields) {
        List<String> line = new ArrayList<>(List.of(
                "tshark", "-n", "-r", file, "-d", "tcp.port==" + SLUICE.portal().getPort() + ",iscsi", "-Y", filter));
        Collections.addAll(line, "-T", "fields");
        for (String field : fields) {
            Collections.addAll(line, "-e", field);
        }
        return Tool.run(line.toArray(String[]::new)).expectSuccess().lines().stream()
                .filter(text -> !text.startsWith("Running as user"))
                .toList();
    }

    @Test
    public void whatQemuSendsIsThere() throws IOException {
        SLUICE.console("target:create " + Sluice.TARGET + " --file traced.img --size 64M");
        SLUICE.console("trace:start --target " + Sluice.TARGET + " --for 5m");
        Tool.run(
                        "qemu-io",
                        "-f",
                        "raw",
                        "-c",
                        "write -P 0x5a 1M 64k",
                        "-c",
                        "write -P 0x5b 4M 512",
                        "-c",
                        "read -P 0x5a 1M 64k",
                        SLUICE.url(Sluice.TARGET, 0))
                .expectSuccess();
        String shown = SLUICE.console("trace:show --last 1000");
        for (String part : List.of("login", "INQUIRY", "WRITE(1", "lba=2048 blocks=128", "lba=8192 blocks=1", "GOOD")) {
            assertTrue(part + " in " + shown, shown.contains(part));
        }
        String file = SLUICE.console("trace:export it.pcap").strip();
        assertEquals(List.of(), tshark(file, "_ws.malformed || tcp.analysis.flags", "frame.number"));
        String writes = "iscsi.opcode == 0x01 && (scsi_sbc.opcode == 0x2a || scsi_sbc.opcode == 0x8a)";
        assertEquals(2, tshark(file, writes, "frame.number").size());
        String reads = "iscsi.opcode == 0x01 && (scsi_sbc.opcode == 0x28 || scsi_sbc.opcode == 0x88)";
        long lines = shown.lines().filter(line -> line.contains("  READ(1")).count();
        assertEquals(lines, tshark(file, reads, "frame.number").size());
        byte[] bytes = Files.readAllBytes(Path.of(file));
        String content = new String(bytes, StandardCharsets.ISO_8859_1);
        assertFalse("data of a user", content.contains("ZZZZZZZZ"));
        SLUICE.console("trace:stop");
        assertTrue(SLUICE.console("trace:status").contains("false"));
        String audit = Files.readString(SLUICE.folder().resolve("data/log/audit.log"));
        assertTrue(audit, audit.contains("export the trace as it.pcap"));
    }
}
