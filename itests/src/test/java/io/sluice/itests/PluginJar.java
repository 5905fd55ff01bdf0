package io.sluice.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.BundleActivator;

/** Makes bundles of the classes in {@code io.sluice.itests.plugin}. */
final class PluginJar {

    private static final String PACKAGE = "io/sluice/itests/plugin";

    private PluginJar() {}

    /**
     * Makes a bundle.
     *
     * @param activator what is started in it
     * @param api versions of {@code io.sluice.backstore} with which it works, as a range of OSGi
     */
    static Path of(Class<? extends BundleActivator> activator, String api) throws IOException {
        String name = activator.getSimpleName();
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "org.example." + name);
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Bundle-Activator", activator.getName());
        headers.putValue(
                "Import-Package", "io.sluice.backstore;version=\"" + api + "\",io.sluice.config,org.osgi.framework");
        Path jar = Path.of("target", name + ".jar").toAbsolutePath();
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> classes = Files.list(classes())) {
            for (Path one : classes.toList()) {
                out.putNextEntry(new JarEntry(PACKAGE + "/" + one.getFileName()));
                Files.copy(one, out);
            }
        }
        return jar;
    }

    private static Path classes() throws IOException {
        try {
            return Path.of(PluginJar.class.getResource("/" + PACKAGE).toURI());
        } catch (URISyntaxException impossible) {
            throw new IOException(impossible);
        }
    }
}
