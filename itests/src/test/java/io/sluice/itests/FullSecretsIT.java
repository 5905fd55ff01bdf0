package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** No room for a secret: the operator reads one line, and everything is as it was. */
public class FullSecretsIT {

    private final Sluice sluice = new Sluice().light();
    private Path secrets;
    private boolean mounted;

    @Before
    public void mountASmallFileSystem() throws IOException {
        sluice.prepare();
        sluice.start().expectSuccess();
        secrets = Files.createDirectories(sluice.etc().resolve("secrets"));
        Tool.Result mount = Tool.run("mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs", secrets.toString());
        mounted = mount.exit() == 0;
        if (!mounted) {
            System.out.println("FullSecretsIT is skipped: this machine allows no mount: " + mount.output());
        }
        assumeTrue("a mount is allowed", mounted);
    }

    @After
    public void unmount() throws IOException {
        sluice.after();
        if (mounted) {
            Tool.run("umount", secrets.toString()).expectSuccess();
        }
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.list(secrets)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    public void aSecretThatHasNoRoomChangesNothing() throws Exception {
        Path old = Files.writeString(sluice.folder().resolve("old"), "correct horse");
        Path fresh = Files.writeString(sluice.folder().resolve("new"), "battery staple");
        sluice.console("initiator:create web1 --chap web1 --secret-file " + old);
        Path document = sluice.etc().resolve("gateway.json");
        String before = Files.readString(document);
        Path ballast = secrets.resolve("ballast");
        fill(ballast);
        Tool.Result refused = sluice.script("client", "initiator:set web1 --chap web2 --secret-file " + fresh);
        assertTrue(
                refused.output(),
                refused.output()
                        .contains("the secret cannot be written into " + secrets + " (No space left on device), and"
                                + " nothing was changed"));
        assertEquals(before, Files.readString(document));
        assertEquals(List.of("ballast", "web1.chap"), kept());
        assertEquals("correct horse", Files.readString(secrets.resolve("web1.chap")));
        Files.delete(ballast);
        sluice.console("initiator:set web1 --chap web2 --secret-file " + fresh);
        assertEquals("the old one is of gateway.json.last-good", List.of("web1.chap", "web1.chap-2"), kept());
        assertEquals("battery staple", Files.readString(secrets.resolve("web1.chap-2")));
    }

    private static void fill(Path ballast) throws IOException {
        Tool.run("sh", "-c", "dd if=/dev/zero of='" + ballast + "' bs=4096 count=64 2>&1 || true");
        assertTrue("it is full", Files.size(ballast) < 64 * 4096);
    }
}
