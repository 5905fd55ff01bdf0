package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** No room for what the gateway keeps of itself: a line for each thing, what was there stays, and hosts notice nothing. */
public class FullStateIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Sluice sluice = new Sluice().light();
    private Path state;
    private boolean mounted;

    @Before
    public void mountASmallFileSystem() throws IOException {
        sluice.prepare();
        state = Files.createDirectories(sluice.folder().resolve("state"));
        Tool.Result mount = Tool.run("mount", "-t", "tmpfs", "-o", "size=512k,mode=0700", "tmpfs", state.toString());
        mounted = mount.exit() == 0;
        if (!mounted) {
            System.out.println("FullStateIT is skipped: this machine allows no mount: " + mount.output());
        }
        assumeTrue("a mount is allowed", mounted);
        sluice.start().expectSuccess();
        Rest.install(sluice);
    }

    @After
    public void unmount() throws IOException {
        sluice.after();
        if (mounted) {
            Tool.run("umount", state.toString()).expectSuccess();
        }
    }

    private List<String> kept(String folder) throws IOException {
        try (Stream<Path> files = Files.list(state.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String refused(String line) throws IOException {
        return sluice.script("client", line).expectFailure().output();
    }

    @Test
    public void whatHasNoRoomIsToldAndNothingIsHalfWritten() throws Exception {
        sluice.console("token:create old --role viewer");
        sluice.console("target:create " + Sluice.TARGET + " --file disk0.img --size 8M");
        sluice.console("trace:start");
        Tool.run("qemu-io", "-f", "raw", "-c", "write 0 64k", sluice.url(Sluice.TARGET, 0))
                .expectSuccess();
        sluice.console("trace:stop");
        try (VerifiedLoad load = new VerifiedLoad(sluice.portal(), Sluice.TARGET, 1)) {
            goesOn(load);
            sluice.console("trace:export kept.pcap");
            String tokens = Files.readString(state.resolve("tokens.json"));
            List<String> revisions = kept("history");
            Path ballast = state.resolve("ballast");
            fill(ballast);

            String noToken = refused("token:create new");
            assertTrue(noToken, noToken.contains("the tokens cannot be kept: No space left on device"));
            assertEquals(tokens, Files.readString(state.resolve("tokens.json")));
            String noCapture = refused("trace:export full.pcap");
            assertTrue(noCapture, noCapture.contains("No space left on device"));
            assertEquals(List.of("kept.pcap"), kept("traces"));
            sluice.console("initiator:create web1 --address 192.0.2.1");
            String status = sluice.console("gateway:status");
            assertTrue(status, status.contains("history") && status.contains("No space left on device"));
            assertEquals(revisions, kept("history"));
            assertFalse(kept("").toString(), kept("").stream().anyMatch(name -> name.endsWith(".new")));
            goesOn(load);

            Files.delete(ballast);
            sluice.console("token:create new");
            sluice.console("initiator:create web2 --address 192.0.2.2");
            sluice.console("trace:export full.pcap");
            assertEquals(List.of("full.pcap", "kept.pcap"), kept("traces"));
            String later = sluice.console("gateway:status");
            assertFalse(later, later.contains("No space left on device"));
            String list = sluice.console("token:list");
            assertTrue(list, list.contains("old") && list.contains("new"));
        }
        assertFalse(sluice.log(), sluice.log().contains("met a bug"));
    }

    private static void goesOn(VerifiedLoad load) throws InterruptedException {
        long before = load.done();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (load.done() == before) {
            assertTrue("nothing goes on", System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static void fill(Path ballast) throws IOException {
        Tool.run("sh", "-c", "dd if=/dev/zero of='" + ballast + "' bs=4096 count=256 2>&1 || true");
        assertTrue("it is full", Files.size(ballast) < 256 * 4096);
    }
}
