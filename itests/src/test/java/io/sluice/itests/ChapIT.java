package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ChapAlgorithm;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** Hosts prove who they are, with the clients that they have; nobody else gets in, and no secret gets out. */
public class ChapIT {

    private static final String TARGET = "iqn.2026-11.io.sluice:proven";
    private static final String HIDDEN = "iqn.2026-11.io.sluice:others";
    private static final String SECRET = "nobody-may-see-this";
    private static final String MUTUAL = "and-nobody-that-one";
    private static final String OTHER = "what-another-host-has";
    private static final String WRONG = "a-guess-of-a-stranger";
    private static final int DISK_BYTES = 16 << 20;

    private static final String DOCUMENT =
            """
            {
              "version": 1,
              "backstores": [
                {"name": "disk1", "type": "file", "sizeBytes": 16777216, "options": {"path": "disk1.img"}},
                {"name": "disk2", "type": "file", "sizeBytes": 16777216, "options": {"path": "disk2.img"}}
              ],
              "initiators": [
                {"name": "host1", "chap": {"user": "host1", "secret": "host1"}, "mutual": {"user": "disk", "secret": "disk"}},
                {"name": "host2", "chap": {"user": "host2", "secret": "host2"}}
              ],
              "targets": [
                {"name": "iqn.2026-11.io.sluice:proven", "luns": [{"lun": 0, "backstore": "disk1"}],
                 "grants": [{"initiator": "host1"}]},
                {"name": "iqn.2026-11.io.sluice:others", "luns": [{"lun": 0, "backstore": "disk2"}],
                 "grants": [{"initiator": "host2"}]}
              ]
            }
            """;

    private static final Sluice SLUICE = new Sluice().light();

    @BeforeClass
    public static void anOperatorHasWrittenItAll() throws IOException {
        SLUICE.prepare();
        for (String disk : new String[] {"disk1.img", "disk2.img"}) {
            try (RandomAccessFile file =
                    new RandomAccessFile(SLUICE.volumes().resolve(disk).toFile(), "rw")) {
                file.setLength(DISK_BYTES);
            }
        }
        Path secrets = Files.createDirectories(SLUICE.etc().resolve("secrets"));
        Map<String, String> contents = Map.of("host1", SECRET, "disk", MUTUAL, "host2", OTHER);
        for (Map.Entry<String, String> secret : contents.entrySet()) {
            Path file = Files.writeString(secrets.resolve(secret.getKey()), secret.getValue() + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(SLUICE.etc().resolve("gateway.json"), DOCUMENT);
        SLUICE.start().expectSuccess();
    }

    @AfterClass
    public static void stop() {
        SLUICE.after();
    }

    private static String url(String credentials, String target, String query) {
        return "iscsi://" + credentials + "@" + SLUICE.portalText() + "/" + target + "/0" + query;
    }

    @Test
    public void libiscsiOneWay() throws IOException {
        String inquiry = Tool.run("iscsi-inq", url("host1%" + SECRET, TARGET, ""))
                .expectSuccess()
                .output();
        assertTrue(inquiry, inquiry.contains("Vendor:SLUICE"));
        Map<String, String> environment = Map.of("LIBISCSI_CHAP_USERNAME", "host1", "LIBISCSI_CHAP_PASSWORD", SECRET);
        Tool.run(environment, "iscsi-inq", SLUICE.url(TARGET, 0)).expectSuccess();
        String[][] wrong = {
            {"host1%" + WRONG, TARGET},
            {"host2%" + OTHER, TARGET},
            {"nobody%" + SECRET, TARGET},
            {"host1%" + SECRET, HIDDEN},
            {"host1%" + SECRET, "iqn.2026-11.io.sluice:absent"}
        };
        for (String[] attempt : wrong) {
            String refused = Tool.run("iscsi-inq", url(attempt[0], attempt[1], ""))
                    .expectFailure()
                    .output();
            assertTrue(refused, refused.contains("Authentication failure(513)"));
        }
        Tool.run("iscsi-inq", SLUICE.url(TARGET, 0)).expectFailure();
    }

    @Test
    public void libiscsiBothWays() {
        String right = "?target_user=disk&target_password=" + MUTUAL;
        Tool.run("iscsi-inq", url("host1%" + SECRET, TARGET, right)).expectSuccess();
        String wrong = "?target_user=disk&target_password=" + WRONG;
        String refused = Tool.run("iscsi-inq", url("host1%" + SECRET, TARGET, wrong))
                .expectFailure()
                .output();
        assertTrue(refused, refused.contains("Invalid CHAP_R response from the target"));
        String none = Tool.run("iscsi-inq", url("host2%" + OTHER, HIDDEN, right))
                .expectFailure()
                .output();
        assertTrue(none, none.contains("Authentication failure(513)"));
    }

    @Test
    public void qemuWithAPasswordSecret() {
        qemu("qemu-img", SECRET, "info").expectSuccess();
        qemu("qemu-io", SECRET, "-c", "write -P 0x5a 0 1M", "-c", "read -P 0x5a 0 1M")
                .expectSuccess();
        String refused = qemu("qemu-img", WRONG, "info").expectFailure().output();
        assertTrue(refused, refused.contains("Authentication failure(513)"));
    }

    private static Tool.Result qemu(String program, String secret, String... arguments) {
        String image = "driver=iscsi,transport=tcp,portal=" + SLUICE.portalText() + ",target=" + TARGET
                + ",lun=0,user=host1,password-secret=s0";
        return Tool.run(Stream.of(
                        Stream.of(program),
                        Stream.of(arguments).filter("info"::equals),
                        Stream.of("--object", "secret,id=s0,data=" + secret, "--image-opts"),
                        Stream.of(arguments).filter(argument -> !argument.equals("info")),
                        Stream.of(image))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    @Test
    public void everyAlgorithm() throws IOException {
        for (ChapAlgorithm algorithm : ChapAlgorithm.values()) {
            try (TestInitiator initiator = TestInitiator.connect(SLUICE.portal())) {
                ChapLogin login = new ChapLogin(initiator, TARGET);
                assertEquals(
                        algorithm.label(),
                        0,
                        login.authenticate(algorithm, "host1", SECRET).status());
                login.finish().logout();
            }
        }
    }

    @Test
    public void noChallengeTwiceNotEvenAfterARestart() throws IOException {
        Set<String> challenges = new HashSet<>();
        for (int process = 1; process <= 2; process++) {
            for (int i = 0; i < 200; i++) {
                try (TestInitiator initiator = TestInitiator.connect(SLUICE.portal())) {
                    ChapLogin login = new ChapLogin(initiator, TARGET);
                    login.challenge("7");
                    assertEquals(2 + 2 * 32, login.challenge().length());
                    assertTrue("challenge " + i + " of process " + process, challenges.add(login.challenge()));
                }
            }
            if (process == 1) {
                SLUICE.stop().expectSuccess();
                SLUICE.start().expectSuccess();
            }
        }
    }

    @Test
    public void refusalsAreInTheAuditLogAndSecretsNowhere() throws IOException {
        Tool.run("iscsi-inq", url("host1%" + WRONG, TARGET, "")).expectFailure();
        Tool.run("iscsi-inq", url("host1%" + SECRET, TARGET, "")).expectSuccess();
        SLUICE.console("gateway:status --json");
        SLUICE.console("log:set DEBUG io.sluice");
        Tool.run("iscsi-inq", url("host1%" + SECRET, TARGET, "?target_user=disk&target_password=" + MUTUAL))
                .expectSuccess();
        SLUICE.console("log:set INFO io.sluice");
        String audit = Files.readString(SLUICE.folder().resolve("data/log/audit.log"));
        assertTrue(
                audit, audit.contains(" log in to " + TARGET + ": refused, AUTHENTICATION_FAILURE: CHAP user 'host1'"));
        Path process = Path.of("/proc", Long.toString(SLUICE.pid()));
        assertNoSecret(process.resolve("cmdline"));
        assertNoSecret(process.resolve("environ"));
        try (Stream<Path> files = Files.walk(SLUICE.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.getParent().endsWith("etc/secrets")
                        && !file.toString().endsWith(".img")) {
                    assertNoSecret(file);
                }
            }
        }
        for (String line : new String[] {"gateway:status --json", "session:list --json", "target:info " + TARGET}) {
            assertNoSecret(line, SLUICE.console(line));
        }
    }

    private static void assertNoSecret(Path file) throws IOException {
        assertNoSecret(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    private static void assertNoSecret(String where, String text) {
        for (String secret : new String[] {SECRET, MUTUAL, OTHER, WRONG}) {
            assertFalse(where, text.contains(secret));
        }
    }
}
