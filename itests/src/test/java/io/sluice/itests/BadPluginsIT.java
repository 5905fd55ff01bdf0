package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.itests.plugin.HangingPlugin;
import io.sluice.itests.plugin.ThrowingPlugin;
import io.sluice.itests.plugin.TwicePlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.osgi.framework.BundleActivator;

/** Backends that somebody has got wrong are dropped in: each costs a line that says so, and nobody else anything. */
public class BadPluginsIT {

    private static final String STEADY = "iqn.2026-11.io.sluice:steady";
    private static final String PRESENT = "[2,3)";
    private static final Duration WHILE = Duration.ofMillis(300);
    private static final long LIMIT_SECONDS = 60;

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private final List<Path> deployed = new ArrayList<>();
    private Terminal terminal;
    private VerifiedLoad steady;

    @Before
    public void begin() throws IOException {
        terminal = Terminal.open(SLUICE);
        if (!terminal.run("target:list").text().contains(STEADY)) {
            terminal.run("target:create " + STEADY + " --file steady.img --size 16M");
        }
        steady = new VerifiedLoad(SLUICE.portal(), STEADY, 2);
    }

    /** The folder is that of all instances. */
    @After
    public void end() throws Exception {
        try {
            for (Path jar : deployed) {
                Files.deleteIfExists(jar);
            }
            await("gone", () -> !terminal.run("bundle:list").text().contains("org.example"));
            VerifiedLoad.Figures figures = steady.over(WHILE);
            assertTrue("nobody else is affected: " + figures, figures.perSecond() > 0);
        } finally {
            steady.close();
            terminal.close();
        }
    }

    private void drop(Class<? extends BundleActivator> plugin, String api) throws IOException {
        deployed.add(SLUICE.deploy(PluginJar.of(plugin, api)));
    }

    /** The deployer looks every second, so its work is waited for, up to a limit. */
    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.call()) {
            assertTrue(what + " did not become so", System.nanoTime() < deadline);
        }
    }

    private void isOffered(String type) throws Exception {
        await(type + " offered", () -> terminal.run("backstore:types").text().contains(type));
    }

    private List<String> logged(String text) throws IOException {
        return SLUICE.log().lines().filter(line -> line.contains(text)).toList();
    }

    @Test
    public void anErrorWhenItIsOpened() throws Exception {
        drop(ThrowingPlugin.class, PRESENT);
        isOffered("throwing");
        Terminal.Outcome refused = terminal.run("backstore:create throwing bad --size 8M");
        assertTrue(refused.failed());
        assertEquals(refused.text(), 1, refused.lines().size());
        assertTrue(refused.text(), refused.text().contains("java.lang.NoSuchMethodError: of a library"));
        assertFalse(terminal.run("backstore:list").text().contains("bad"));
    }

    @Test
    public void openingThatHangs() throws Exception {
        drop(HangingPlugin.class, PRESENT);
        isOffered("hanging");
        Path said = SLUICE.folder().resolve("hanging.txt");
        Process waiting = SLUICE.begin(said, "client", "backstore:create hanging stuck --size 8M");
        try {
            await("it hangs", () -> threads().contains("HangingPlugin"));
            terminal.run("backstore:create memory another --size 8M");
            assertTrue(terminal.run("backstore:list").text().contains("another"));
            assertTrue(terminal.run("backstore:delete another").text().contains("Deleted"));
            assertTrue("it waits", waiting.isAlive());
            Files.delete(deployed.get(0));
            assertTrue("it ends with its bundle", waiting.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
        } finally {
            waiting.destroy();
        }
        List<String> lines = Files.readAllLines(said);
        assertEquals(lines.toString(), 1, lines.size());
        assertTrue(lines.toString(), lines.get(0).contains("the bundle for type hanging went away"));
    }

    private String threads() throws IOException {
        return Tool.run("jcmd", Long.toString(SLUICE.pid()), "Thread.print").output();
    }

    @Test
    public void aTypeThatIsRegisteredTwice() throws Exception {
        drop(TwicePlugin.class, PRESENT);
        isOffered("twice");
        await("the line", () -> !logged("of the type twice").isEmpty());
        List<String> lines = logged("of the type twice");
        assertEquals(lines.toString(), 1, lines.size());
        assertTrue(lines.toString(), lines.get(0).contains("there is a second"));
        Files.delete(deployed.get(0));
        await("gone", () -> !terminal.run("backstore:types").text().contains("twice"));
    }

    @Test
    public void onesThatWereBuiltForAnotherApi() throws Exception {
        drop(ThrowingPlugin.class, "[1,2)");
        String line = "bundle org.example.ThrowingPlugin 1.0.0 was built for version [1,2) of io.sluice.backstore,"
                + " and this gateway has ";
        await("the line", () -> !logged(line).isEmpty());
        assertTrue(logged(line).toString(), logged(line).get(0).contains("get one that was built for this gateway"));
        assertEquals(logged(line).toString(), 1, logged(line).size());
        assertFalse(terminal.run("backstore:types").text().contains("throwing"));
    }

    /** A newer gateway works with what an older version was enough for. */
    @Test
    public void oneThatWasBuiltForAnOlderApiOfTheSameKind() throws Exception {
        drop(ThrowingPlugin.class, "[2.0,3)");
        isOffered("throwing");
    }
}
