package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.ClassRule;
import org.junit.Test;

/** What somebody sends with a bug report has what is needed, and none of the secrets that were planted everywhere. */
public class SupportIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static final String MARK = "k9Hidden7z";
    private static final String HUNG = "iqn.2026-11.io.sluice:hung";

    private static Map<String, String> bundle(Path file) throws IOException {
        Map<String, String> parts = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                parts.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return parts;
    }

    @Test
    public void noSecretIsInIt() throws Exception {
        Rest.install(SLUICE);
        String chap = "a chap secret " + MARK;
        Files.writeString(SLUICE.etc().resolve("chap.secret"), chap + "\n");
        SLUICE.console("initiator:create web --chap web --secret-file chap.secret");
        Files.delete(SLUICE.etc().resolve("chap.secret"));
        String token = SLUICE.console("token:create monitor").strip();
        Path key = SLUICE.folder().resolve(MARK + ".pem");
        String person = Console.newKey(key);
        Files.writeString(
                SLUICE.etc().resolve("users.properties"),
                "bob = plain-" + MARK + ",viewer,ssh\n",
                StandardOpenOption.APPEND);
        Files.writeString(
                SLUICE.etc().resolve("keys.properties"),
                "eve = " + person + ",viewer,ssh\n",
                StandardOpenOption.APPEND);
        Files.writeString(
                SLUICE.etc().resolve("io.sluice.example.cfg"), "# " + MARK + "\ntlsPassword = x " + MARK + "\n");
        for (String said : List.of(
                "password=" + MARK,
                "he typed " + chap,
                "Authorization: Bearer " + token,
                "the token is " + token,
                "the password of bob: plain-" + MARK,
                "https://bob:" + MARK + "@host/",
                "fine and well")) {
            SLUICE.console("log:log '" + said + "'");
        }
        String log = SLUICE.log();
        assertTrue(
                "they are in the log", log.contains(chap) && log.contains(token) && log.contains("password=" + MARK));
        String said = SLUICE.console("support:bundle report.zip");
        Path file = SLUICE.folder().resolve("data/report.zip");
        assertTrue(said, said.contains(file.toString()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Map<String, String> parts = bundle(file);
        assertEquals(said, "none\n", parts.get("problems.txt"));
        String client = Files.readAllLines(SLUICE.etc().resolve("client.key")).get(3);
        parts.forEach((name, text) -> {
            for (String secret : List.of(MARK, chap, token, token.substring(7), person, client)) {
                assertFalse(name + " has " + secret, text.contains(secret));
            }
        });
        assertTrue(parts.get("log/karaf.log").contains("fine and well"));
        assertTrue(parts.get("log/audit.log").contains("create initiator web"));
        assertTrue(
                parts.get("karaf/bundles.txt"), parts.get("karaf/bundles.txt").contains("io/sluice/manager"));
        assertTrue(parts.get("java/threads.txt").contains("sluice-status"));
        assertTrue(parts.get("gateway/status.json").contains("\"version\""));
        assertTrue(parts.get("etc/gateway.json").contains("\"web\""));
        assertTrue(parts.get("files/state.txt").contains("tokens.json"));
        assertTrue(parts.get("etc/settings.txt").contains("io.sluice.example.cfg"));
        Tool.Result again = SLUICE.script("client", "support:bundle report.zip").expectFailure();
        assertEquals(again.output(), 1, again.lines().size());
    }

    @Test
    public void aDiskThatHangsIsNoObstacle() throws Exception {
        try (HangingFile file = new HangingFile(SLUICE.volumes(), 1L << 20)) {
            SLUICE.console("target:create " + HUNG + " --file " + file.path());
            file.hang();
            long begin = System.nanoTime();
            SLUICE.console("support:bundle hung.zip");
            assertTrue((System.nanoTime() - begin) / 1_000_000_000 < 120);
            Map<String, String> parts = bundle(SLUICE.folder().resolve("data/hung.zip"));
            assertTrue(parts.get("gateway/targets.json").contains(HUNG));
            assertTrue(parts.get("log/karaf.log").length() > 100);
            file.goOn();
            SLUICE.console("target:delete " + HUNG + " --force; backstore:delete hung");
        }
    }
}
