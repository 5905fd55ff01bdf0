package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.TraceRequest;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Captures are read by tshark as what was sent. */
public final class CaptureTest {

    @Rule
    public final TestServer server = new TestServer();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path export() throws IOException {
        Path file = folder.newFile().toPath();
        try (OutputStream out = Files.newOutputStream(file)) {
            server.server().trace().write(out);
        }
        return file;
    }

    private List<String> tshark(Path file, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                "tshark",
                "-n",
                "-r",
                file.toString(),
                "-d",
                "tcp.port==" + server.portal().getPort() + ",iscsi"));
        Collections.addAll(line, arguments);
        Path output = folder.newFile().toPath();
        Path errors = folder.newFile().toPath();
        Process process = new ProcessBuilder(line)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertTrue("tshark takes too long", process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(Files.readString(errors), 0, process.exitValue());
        return Files.readAllLines(output);
    }

    private List<String> fields(Path file, String filter, String... fields) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-Y", filter, "-T", "fields"));
        for (String field : fields) {
            Collections.addAll(arguments, "-e", field);
        }
        return tshark(file, arguments.toArray(String[]::new));
    }

    private void expectWellFormed(Path file) throws Exception {
        assertEquals(List.of(), tshark(file, "-Y", "_ws.malformed || tcp.analysis.flags"));
    }

    private void work(TestInitiator initiator) throws IOException {
        initiator.execute(LUN_0, Cdb.read10(8, 4), null, 4 * 512).expectGood();
        initiator.execute(LUN_0, Cdb.read16(16, 512), null, 512 * 512).expectGood();
        initiator.execute(LUN_0, Cdb.write10(1024, 300), pattern(300, 1), 0).expectGood();
        initiator.execute(LUN_0, Cdb.write10(32, 8), pattern(8, 1), 0).expectGood();
        initiator.execute(LUN_0, Cdb.inquiry(96), null, 96).expectGood();
        initiator.execute(LUN_0, Cdb.read10(1 << 20, 1), null, 512).expectSense(0x052100);
        initiator.ping("ping".getBytes(StandardCharsets.US_ASCII));
    }

    private void expectWork(Path file) throws Exception {
        expectWellFormed(file);
        String command = "iscsi.opcode == 0x01 && ";
        assertEquals(List.of("8", "1048576"), fields(file, command + "scsi_sbc.opcode == 0x28", "scsi_sbc.rdwr10.lba"));
        assertEquals(List.of("1024", "32"), fields(file, command + "scsi_sbc.opcode == 0x2a", "scsi_sbc.rdwr10.lba"));
        assertEquals(
                1,
                fields(file, command + "scsi_sbc.opcode == 0x88", "frame.number")
                        .size());
        List<String> names = fields(file, "iscsi.opcode == 0x01", "_ws.col.Info");
        assertTrue(
                names.toString(), names.stream().anyMatch(name -> name.strip().equals("SCSI: Inquiry LUN: 0x00")));
        assertEquals(List.of("0x05"), fields(file, "scsi.sns.key == 5", "scsi.sns.key"));
    }

    @Test
    public void withoutDataAllIsThereButTheData() throws Exception {
        server.server().trace().start(TraceRequest.ALL);
        TestInitiator initiator = server.login();
        work(initiator);
        initiator.logout();
        Path file = export();
        expectWork(file);
        assertTrue(Files.size(file) < 20_000);
        assertEquals(1, fields(file, "iscsi.opcode == 0x06", "frame.number").size());
        assertFalse(fields(file, "iscsi.opcode == 0x03", "iscsi.keyvalue").isEmpty());
    }

    @Test
    public void withDataTheChecksumsAreRight() throws Exception {
        server.server().trace().start(TraceRequest.ALL.withDataBytes(1 << 20));
        work(server.login());
        Path file = export();
        expectWork(file);
        List<String> wrong = tshark(
                file,
                "-o",
                "tcp.check_checksum:TRUE",
                "-o",
                "ip.check_checksum:TRUE",
                "-Y",
                "!(tcp.checksum.status == 1 && ip.checksum.status == 1)");
        assertEquals(List.of(), wrong);
        byte[] bytes = Files.readAllBytes(file);
        assertTrue(contains(bytes, Arrays.copyOf(pattern(8, 1), 4096)));
    }

    @Test
    public void digestsAreThereWhereTheyWere() throws Exception {
        server.server().trace().start(TraceRequest.ALL.withDataBytes(1 << 20));
        TestInitiator initiator =
                server.connect().login(TARGET, Map.of("HeaderDigest", "CRC32C", "DataDigest", "CRC32C"));
        work(TestServer.ready(initiator));
        Path file = export();
        expectWork(file);
        List<String> digests = tshark(file, "-V").stream()
                .filter(line -> line.contains("Digest: 0x"))
                .toList();
        assertTrue(digests.toString(), digests.stream().anyMatch(line -> line.contains("HeaderDigest")));
        assertTrue(digests.toString(), digests.stream().anyMatch(line -> line.contains("DataDigest")));
        assertTrue(digests.toString(), digests.stream().allMatch(line -> line.contains("Good CRC32")));
    }

    @Test
    public void proofsAreNotInIt() throws Exception {
        allowWithSecret();
        server.server().trace().start(TraceRequest.ALL.withDataBytes(1 << 20));
        ChapLogin login = new ChapLogin(server.connect(), TARGET);
        login.challenge("7");
        Map<String, String> proof = login.proof("esx1", "a secret of 20 bytes");
        assertEquals(0, login.prove(proof).status());
        TestServer.ready(login.finish());
        Path file = export();
        expectWellFormed(file);
        byte[] bytes = Files.readAllBytes(file);
        for (String value : proof.values()) {
            assertFalse(value, contains(bytes, value.getBytes(StandardCharsets.US_ASCII)));
        }
        assertFalse(contains(bytes, login.challenge().getBytes(StandardCharsets.US_ASCII)));
        assertTrue(contains(bytes, "CHAP_R=****".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(contains(bytes, "CHAP_A=7".getBytes(StandardCharsets.US_ASCII)));
    }

    private void allowWithSecret() {
        GrantConfig grant = new GrantConfig("esx1", List.of(), false, false);
        server.allow(
                new GatewayConfig(
                        List.of(),
                        List.of(),
                        List.of(new TargetConfig(
                                new IscsiName(TARGET),
                                true,
                                AccessState.ACTIVE_OPTIMIZED,
                                List.of(),
                                List.of(grant),
                                List.of(),
                                List.of(),
                                null)),
                        List.of(new InitiatorConfig("esx1", List.of(), List.of(), new ChapConfig("esx1", "in"), null)),
                        List.of(),
                        SecurityConfig.DEFAULT),
                Map.of("in", "a secret of 20 bytes"));
    }

    private static boolean contains(byte[] whole, byte[] part) {
        return new String(whole, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
    }
}
