package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Test;

/** Storage and its bundle are changed under initiators that write and read, and none of them sees an error. */
public class SwapIT {

    private static final String DISK = "swapped";
    private static final List<String> CHANGES = List.of(
            "backstore:reopen " + DISK,
            "bundle:restart io.sluice.backstore-file",
            "bundle:update io.sluice.backstore-file",
            "bundle:refresh io.sluice.backstore-file");
    private static final int ROUNDS = 3;
    private static final String PROVIDER = "io.sluice.backstore.file.FileBackstoreProvider";

    /** So long commands wait for storage before they fail. */
    private static final Duration HOLD = Duration.ofSeconds(20);

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    @Test
    public void nobodySeesAnError() throws Exception {
        SLUICE.console("backstore:create file " + DISK + " --path swapped.img --size 64M");
        SLUICE.console("target:create " + Sluice.TARGET + " --backstore " + DISK);
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), Sluice.TARGET, 4)) {
            load.over(Duration.ofSeconds(1));
            for (int round = 0; round < ROUNDS; round++) {
                for (String change : CHANGES) {
                    SLUICE.console(change);
                    goesOn(load, change);
                }
            }
            SLUICE.console("bundle:stop io.sluice.backstore-file");
            String list = SLUICE.console("backstore:list");
            assertTrue(list, list.contains("away"));
            VerifiedLoad.Figures without = load.over(Duration.ofSeconds(1));
            assertTrue("it waits: " + without, without.perSecond() == 0);
            SLUICE.console("bundle:start io.sluice.backstore-file");
            goesOn(load, "bundle:start");
            theOldBundlesAreGone();
        }
        String log = SLUICE.log();
        assertTrue(log, !log.contains("met a bug"));
    }

    /** A command of Karaf may have its prompt before the storage is open again. */
    private static void goesOn(VerifiedLoad load, String change) throws Exception {
        long deadline = System.nanoTime() + HOLD.toNanos();
        while (load.over(Duration.ofMillis(300)).perSecond() == 0) {
            assertTrue("nothing goes on after " + change, System.nanoTime() < deadline);
        }
    }

    /** What is cleaned up after one collection goes with the next; the one before may be held by a thread of it that ends. */
    private static void theOldBundlesAreGone() throws Exception {
        long deadline = System.nanoTime() + HOLD.toNanos();
        String loaded;
        long generations;
        do {
            jcmd("GC.run");
            loaded = jcmd("VM.class_hierarchy", PROVIDER);
            generations = loaded.lines().filter(line -> line.contains(PROVIDER)).count();
        } while (generations > 2 && System.nanoTime() < deadline);
        assertTrue(loaded, generations == 1 || generations == 2);
    }

    private static String jcmd(String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("jcmd", Long.toString(SLUICE.pid())));
        words.addAll(List.of(command));
        return Tool.run(words.toArray(String[]::new)).expectSuccess().output();
    }
}
