package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** A backup that is unpacked elsewhere, and runs beside the original. */
public class RestoreIT {

    private static final String BUSY = "iqn.2026-11.io.sluice:busy";
    private static final String QUIET = "iqn.2026-11.io.sluice:quiet";
    private static final String OLD = "iqn.2026-11.io.sluice:old";

    @Rule
    public final Sluice original = new Sluice().light();

    private final Sluice copy = new Sluice().light();

    @Test
    public void aCopyServesItsOwnFilesAndNeverThoseOfTheOriginal() throws Exception {
        original.console("target:create " + BUSY + " --file busy.img --size 64M");
        original.console("target:create " + QUIET + " --file " + original.volumes() + "/quiet.img --size 64M");
        original.console("target:create " + OLD + " --file old.img --size 64M");
        write(original, QUIET, "0x11");
        copy.prepare();
        // It starts beside a load that takes all the processor time that it can get.
        copy.environment("SLUICE_START_SECONDS", "240");
        try (VerifiedLoad load = new VerifiedLoad(original.portal(), BUSY, 1)) {
            load.over(Duration.ofSeconds(1));
            copy.restore(original);
            refersToTheOriginal("old.img");
            copy.start().expectSuccess();
            assertNothingOfTheOriginalIsOpen();
            write(copy, BUSY, "0x22");
            write(copy, QUIET, "0x22");
            assertNothingOfTheOriginalIsOpen();
            assertEquals(List.of(), mentionsOfTheOriginal());
            theOneOfTheOriginalIsOffline();
            load.over(Duration.ofSeconds(1));
        } finally {
            copy.after();
        }
        read(original, QUIET, "0x11");
    }

    /** As an absolute path in the configuration of an older release does. */
    private void refersToTheOriginal(String file) throws IOException {
        Path document = copy.etc().resolve("gateway.json");
        String before = Files.readString(document);
        String after = before.replace("\"" + file + "\"", "\"" + original.volumes() + "/" + file + "\"");
        assertFalse("the document has the path as it was given", before.equals(after));
        assertFalse(
                "no other path is absolute", before.contains(original.folder().toString()));
        Files.writeString(document, after);
    }

    private void theOneOfTheOriginalIsOffline() throws IOException {
        String info = copy.console("backstore:info old --json");
        assertTrue(info, info.contains("old.img is outside of the folders for disks (" + copy.volumes() + ")"));
        String status = copy.script("client", "gateway:status").output();
        assertTrue(status, status.contains("old.img is outside"));
        Tool.run("qemu-io", "-f", "raw", "-c", "read 0 512", original.url(OLD, 0))
                .expectSuccess();
    }

    private static void write(Sluice sluice, String target, String pattern) {
        qemu(sluice, target, "write -P " + pattern + " 0 64M");
        qemu(sluice, target, "flush");
        read(sluice, target, pattern);
    }

    private static void read(Sluice sluice, String target, String pattern) {
        qemu(sluice, target, "read -P " + pattern + " 0 64M");
    }

    private static void qemu(Sluice sluice, String target, String command) {
        Tool.run("qemu-io", "-f", "raw", "-c", command, sluice.url(target, 0)).expectSuccess();
    }

    private void assertNothingOfTheOriginalIsOpen() throws IOException {
        Path process = Path.of("/proc", Long.toString(copy.pid()));
        List<String> open = new ArrayList<>(Files.readAllLines(process.resolve("maps")));
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                // One that is closed meanwhile was nothing that is kept open.
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        assertTrue("its own disks are", open.toString().contains(copy.volumes() + "/busy.img"));
        assertEquals(
                List.of(),
                open.stream()
                        .filter(line -> line.contains(original.folder() + "/"))
                        .toList());
    }

    /** Files of the copy that name the folder of the original, other than the document that was made to, what complains of it, and what was. */
    private List<Path> mentionsOfTheOriginal() throws IOException {
        List<Path> mentions = new ArrayList<>();
        for (String folder : List.of("etc", "state", "data")) {
            Path present = copy.folder().resolve(folder);
            if (!Files.isDirectory(present)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(present)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    // The log and the history tell what was, and the status what is wrong.
                    boolean told = file.startsWith(copy.folder().resolve("data/log"))
                            || file.startsWith(copy.folder().resolve("state/history"))
                            || file.endsWith("data/gateway.status")
                            || file.getFileName().toString().startsWith("gateway.json");
                    if (!told && contains(file, original.folder() + "/")) {
                        mentions.add(file);
                    }
                }
            }
        }
        return mentions;
    }

    private static boolean contains(Path file, String text) throws IOException {
        return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1).contains(text);
    }
}
