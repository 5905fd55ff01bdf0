package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** A user makes a target with one line and uses it as a disk. */
public class FirstDiskIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    @BeforeClass
    public static void oneLineMakesADisk() throws IOException {
        SLUICE.console("target:create " + Sluice.TARGET + " --file disk.img --size 256M");
    }

    private static String url() {
        return SLUICE.url(Sluice.TARGET, 0);
    }

    @Test
    public void initiatorsSeeIt() {
        String list = Tool.run("iscsi-ls", "-s", "iscsi://" + SLUICE.portalText())
                .expectSuccess()
                .output();
        assertTrue(list, list.contains("Target:" + Sluice.TARGET + " Portal:" + SLUICE.portalText() + ",1"));
        assertTrue(list, list.contains("Lun:0    Type:DIRECT_ACCESS (Size:255M)"));
        String inquiry = Tool.run("iscsi-inq", url()).expectSuccess().output();
        assertTrue(inquiry, inquiry.contains("Vendor:SLUICE"));
        assertTrue(inquiry, inquiry.contains("Peripheral Device Type:DIRECT_ACCESS"));
        String capacity =
                Tool.run("iscsi-readcapacity16", url()).expectSuccess().output();
        assertTrue(capacity, capacity.contains("RETURNED LOGICAL BLOCK ADDRESS:524287"));
        assertTrue(capacity, capacity.contains("LOGICAL BLOCK LENGTH IN BYTES:512"));
        assertTrue(capacity, capacity.contains("Total size:268435456"));
    }

    @Test
    public void patternsAreWrittenReadAndDiscarded() {
        Tool.run(
                        "qemu-io",
                        "-f",
                        "raw",
                        "-c",
                        "write -P 0xa5 0 4M",
                        "-c",
                        "write -P 0x3c 1536 512",
                        "-c",
                        "flush",
                        "-c",
                        "read -P 0xa5 0 1536",
                        "-c",
                        "read -P 0x3c 1536 512",
                        "-c",
                        "read -P 0xa5 2048 4192256",
                        "-c",
                        "discard 1M 1M",
                        "-c",
                        "read -P 0 1M 1M",
                        "-c",
                        "read -P 0xa5 2M 2M",
                        "-c",
                        "write -f -P 0x77 8M 64k",
                        "-c",
                        "read -P 0x77 8M 64k",
                        "-c",
                        "write -z 8M 32k",
                        "-c",
                        "read -P 0 8M 32k",
                        url())
                .expectSuccess();
    }

    @Test
    public void aFileSystemImageComesBackAsItWas() throws Exception {
        Path files = Files.createDirectories(SLUICE.folder().resolve("files"));
        Random random = new Random(1);
        for (int i = 0; i < 64; i++) {
            byte[] content = new byte[1 << 20];
            random.nextBytes(content);
            Files.write(files.resolve("file" + i), content);
        }
        Path image = SLUICE.folder().resolve("image.ext4");
        Tool.run("mkfs.ext4", "-q", "-d", files.toString(), image.toString(), "200M")
                .expectSuccess();
        Tool.run("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", image.toString(), url())
                .expectSuccess();
        Path back = SLUICE.folder().resolve("back.ext4");
        Tool.run("qemu-img", "convert", "-f", "raw", "-O", "raw", url(), back.toString())
                .expectSuccess();
        assertEquals(sha256(image, Files.size(image)), sha256(back, Files.size(image)));
        Tool.run("e2fsck", "-fn", image.toString()).expectSuccess();
    }

    private static String sha256(Path file, long length) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            byte[] piece = new byte[1 << 20];
            for (long left = length; left > 0; ) {
                int read = in.read(piece, 0, (int) Math.min(piece.length, left));
                digest.update(piece, 0, read);
                left -= read;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
