package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** A disk whose storage has no plain data, for as long as nobody has the key. */
public class CryptIT {

    private static final String DISK = "secret";
    private static final String SANITIZE_CRYPTOGRAPHIC = "48 83 00 00 00 00 00 00 00 00";
    private static final String TEST_UNIT_READY = "00 00 00 00 00 00";
    private static final Duration SOON = Duration.ofSeconds(30);

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    private Path image;

    @Before
    public void makeDisk() throws Exception {
        Console.empty(SLUICE);
        image = SLUICE.volumes().resolve("secret.img");
        Files.deleteIfExists(image);
        Files.deleteIfExists(header());
        SLUICE.console("backstore:create file " + DISK + " --path secret.img --size 400M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore " + DISK);
    }

    private static Path header() throws IOException {
        return SLUICE.volumes().resolve(DISK + ".crypt");
    }

    private static Path key(String name, String text) throws IOException {
        Path key = SLUICE.folder().resolve(name);
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(key, text + "\n");
    }

    private static void encrypt(String more) throws IOException {
        SLUICE.console(
                "backstore:layer add " + DISK + " crypt keyFile=" + key("disk.key", "correct horse battery") + more);
    }

    private static void io(String... commands) {
        StringBuilder line = new StringBuilder("qemu-io -f raw");
        for (String command : commands) {
            line.append(" -c '").append(command).append('\'');
        }
        Tool.run("sh", "-c", line + " " + SLUICE.url(Sluice.TARGET, 0)).expectSuccess();
    }

    private boolean hasPlainData() throws IOException {
        String text = new String(Files.readAllBytes(image), StandardCharsets.ISO_8859_1);
        return text.contains("Z".repeat(32));
    }

    @Test
    public void theFileHasNoPlainData() throws Exception {
        io("write -P 0x5a 1M 1M");
        assertTrue("as it is without", hasPlainData());
        Tool.Result refused = SLUICE.script(
                "client", "backstore:layer add " + DISK + " crypt keyFile=" + key("disk.key", "correct horse battery"));
        assertTrue(refused.output(), refused.exit() != 0 && refused.output().contains("--format"));
        io("read -P 0x5a 1M 1M");
        encrypt(" --format");
        assertFalse("what was there is given up", hasPlainData());
        io("read -P 0 1M 1M", "write -P 0x5a 1M 3M", "flush", "discard 2M 1M", "read -P 0 2M 1M", "read -P 0x5a 1M 1M");
        assertFalse(hasPlainData());
        SLUICE.stop().expectSuccess();
        SLUICE.start().expectSuccess();
        io("read -P 0x5a 1M 1M", "read -P 0 2M 1M", "read -P 0x5a 3M 1M");
    }

    @Test
    public void aWrongKeyServesNothing() throws Exception {
        encrypt("");
        io("write -P 0x5a 0 1M", "flush");
        key("disk.key", "something else");
        SLUICE.script("client", "backstore:reopen " + DISK);
        String info = SLUICE.console("backstore:info " + DISK);
        assertTrue(info, info.contains("away") && info.contains("the key is not the one"));
        assertFalse(info, info.contains("something else"));
        assertFalse(Tool.run("qemu-io", "-f", "raw", "-c", "read 0 4k", SLUICE.url(Sluice.TARGET, 0))
                        .exit()
                == 0);
        key("disk.key", "correct horse battery");
        SLUICE.console("backstore:reopen " + DISK);
        io("read -P 0x5a 0 1M");
    }

    @Test
    public void theKeyIsChangedUnderLoad() throws Exception {
        encrypt("");
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 4)) {
            load.over(Duration.ofSeconds(1));
            Path other = key("other.key", "another key of theirs");
            SLUICE.console("backstore:layer set " + DISK + " crypt keyFile=" + other);
            load.over(Duration.ofSeconds(1));
            SLUICE.console("backstore:layer set " + DISK + " crypt keyFile= 'keyCommand=cat " + other + "'");
            load.over(Duration.ofSeconds(1));
            SLUICE.console("backstore:reopen " + DISK);
            assertTrue(load.over(Duration.ofSeconds(1)).perSecond() > 0);
            SLUICE.console("bundle:restart io.sluice.layer-crypt");
            long before = load.done();
            long deadline = System.nanoTime() + SOON.toNanos();
            while (load.done() == before) {
                assertTrue("nothing goes on", System.nanoTime() < deadline);
                load.over(Duration.ofMillis(200));
            }
        }
        assertFalse(SLUICE.log().contains("another key of theirs"));
    }

    @Test
    public void sanitizeThrowsTheKeyAway() throws Exception {
        encrypt("");
        io("write -P 0x5a 0 1M", "flush");
        sanitize();
        io("read -P 0 0 1M", "write -P 0x33 0 1M", "read -P 0x33 0 1M");
        assertTrue(SLUICE.console("backstore:list").contains("online"));
    }

    private static void sanitize() throws Exception {
        byte[] before = Files.readAllBytes(header());
        try (Host host = Host.logIn(SLUICE, Sluice.TARGET, 9)) {
            assertEquals(0, host.run(SANITIZE_CRYPTOGRAPHIC).status());
            long deadline = System.nanoTime() + SOON.toNanos();
            while (host.run(TEST_UNIT_READY).status() != 0) {
                assertTrue("it does not end", System.nanoTime() < deadline);
            }
        }
        assertFalse(Arrays.equals(before, Files.readAllBytes(header())));
    }

    /** The storage that it goes to is opened before the key is another one. */
    @Test
    public void theKeyIsThrownAwayWhileTheDiskIsMoved() throws Exception {
        Files.deleteIfExists(SLUICE.volumes().resolve("moved.img"));
        encrypt("");
        io("write -P 0x5a 0 16M", "flush");
        SLUICE.console("backstore:move " + DISK + " file --path moved.img --rate 1M");
        sanitize();
        io("write -P 0x33 0 1M", "flush");
        SLUICE.console("backstore:move-rate " + DISK + " 0");
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!SLUICE.console("backstore:moves --json").contains("\"done\"")) {
            assertTrue("it does not end", System.nanoTime() < deadline);
        }
        io("read -P 0x33 0 1M", "read -P 0 1M 15M", "write -P 0x44 1M 1M", "flush");
        SLUICE.stop().expectSuccess();
        SLUICE.start().expectSuccess();
        io("read -P 0x33 0 1M", "read -P 0x44 1M 1M", "read -P 0 2M 14M");
    }

    @Test
    public void aCrashNeverLosesTheKey() throws Exception {
        encrypt("");
        io("write -P 0x5a 0 1M", "flush");
        SLUICE.kill();
        SLUICE.start().expectSuccess();
        io("read -P 0x5a 0 1M");
        Tool.Result refused = SLUICE.script("client", "backstore:layer remove " + DISK + " crypt");
        assertTrue(refused.output(), refused.output().contains("nobody could read the data"));
    }

    /** What libiscsi finds about blocks, on a disk that is encrypted. */
    @Test
    public void theScsiSuite() throws Exception {
        encrypt("");
        for (String family : BlockFamilies.ALL) {
            Tool.Result result = Tool.run(
                    "iscsi-test-cu", "--dataloss", "--allow-sanitize", "-t", family, SLUICE.url(Sluice.TARGET, 0));
            assertEquals(family + result.output(), 0, result.exit());
        }
    }
}
