package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.Baseline.Info;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import aQute.bnd.service.diff.Delta;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.Test;

/**
 * The contracts that others build backends against, compared with their last release: what has changed has a version that
 * says so, and what breaks a backend does not resolve with it. The release is kept in {@code src/test/resources/releases}.
 */
public class BaselineIT {

    private static final String SPI = "io.sluice.backstore";

    @Test
    public void versionsSayWhatHasChanged() throws Exception {
        try (Jar released = released();
                Jar present = built("api")) {
            for (Info changed : compare(present, released)) {
                assertFalse(
                        changed.packageName + " " + changed.newerVersion + " has changed by "
                                + changed.packageDiff.getDelta() + " since " + changed.olderVersion
                                + " and needs the version " + changed.suggestedVersion,
                        changed.mismatch);
            }
        }
    }

    /** Taking a type away has to be seen, or the test above means nothing. */
    @Test
    public void aBreakIsSeen() throws Exception {
        try (Jar released = released();
                Jar broken = released()) {
            assertNotNull(broken.remove("io/sluice/backstore/Backstore.class"));
            Info spi = compare(broken, released).stream()
                    .filter(info -> info.packageName.equals(SPI))
                    .findFirst()
                    .orElseThrow();
            assertEquals(Delta.MAJOR, spi.packageDiff.getDelta());
            assertTrue(spi.mismatch);
        }
    }

    @Test
    public void backendsDoNotResolveWithABreak() throws Exception {
        for (String backend : new String[] {"backstore-file", "backstore-memory", "backstore-null"}) {
            try (Jar jar = built(backend)) {
                String imports = jar.getManifest().getMainAttributes().getValue("Import-Package");
                assertTrue(backend + ": " + imports, imports.contains(SPI + ";version=\"[2.5,3)\""));
            }
        }
    }

    private static Set<Info> compare(Jar newer, Jar older) throws Exception {
        try (Processor processor = new Processor()) {
            Baseline baseline = new Baseline(processor, new DiffPluginImpl());
            return baseline.baseline(newer, older, new Instructions("io.sluice.backstore*,io.sluice.config")).stream()
                    .collect(Collectors.toSet());
        }
    }

    private static Jar released() throws IOException {
        Path folder = Path.of("src", "test", "resources", "releases");
        return new Jar(only(folder, "api-*.jar").toFile());
    }

    private static Jar built(String bundle) throws IOException {
        Path folder = Path.of("..", "bundles", bundle, "target");
        return new Jar(only(folder, bundle + "-[0-9]*T.jar").toFile());
    }

    private static Path only(Path folder, String pattern) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
            return found.iterator().next();
        }
    }
}
