package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureSecurity;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.logLevel;

import io.sluice.config.IscsiName;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.Gateway;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.karaf.options.LogLevelOption.LogLevel;
import org.ops4j.pax.exam.options.extra.VMOption;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The bundles in their container: what is there, and what happens when a backend goes and comes back. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class ContainerTest {

    private static final long LIMIT_NANOS = 20_000_000_000L;

    @Inject
    private BundleContext context;

    @Inject
    private Gateway gateway;

    @Inject
    private SessionFactory sessions;

    @Configuration
    public Option[] assembly() throws Exception {
        return new Option[] {
            karafDistributionConfiguration()
                    .frameworkUrl(new File(System.getProperty("sluice.distribution"))
                            .toURI()
                            .toString())
                    .name("Sluice")
                    .karafVersion(System.getProperty("karaf.version"))
                    .unpackDirectory(new File("target/exam"))
                    .useDeployFolder(false),
            configureSecurity().disableKarafMBeanServerBuilder(),
            configureConsole().ignoreLocalConsole(),
            logLevel(LogLevel.INFO),
            org.ops4j.pax.exam.CoreOptions.systemTimeout(120_000L),
            editConfigurationFilePut("etc/org.apache.karaf.shell.cfg", "sshPort", Integer.toString(Sluice.freePort())),
            editConfigurationFilePut(
                    "etc/org.ops4j.pax.url.mvn.cfg",
                    "org.ops4j.pax.url.mvn.localRepository",
                    System.getProperty("maven.repo.local")),
            new VMOption("-Dsluice.portal=127.0.0.1:" + Sluice.freePort()),
            new VMOption("-Xmx256m"),
            new VMOption(Sluice.LIGHT),
        };
    }

    @Test
    public void everyBundleIsActive() {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get("Fragment-Host") != null;
            assertEquals(bundle.getSymbolicName(), fragment ? Bundle.RESOLVED : Bundle.ACTIVE, bundle.getState());
        }
        await(() -> gateway.backstoreTypes().size() == 3);
        assertTrue(
                gateway.status().problems().toString(),
                gateway.status().problems().isEmpty());
    }

    private static BackstoreRequest request(String name, String type, Map<String, String> options) {
        return new BackstoreRequest(name, type, 1 << 20, 512, 0, true, false, false, true, 0, options);
    }

    @Test
    public void aBackendThatGoesLeavesItsUnitsAndHealsThem() throws Exception {
        IscsiName name = new IscsiName("iqn.2026-11.io.sluice:heals");
        gateway.createTarget(name, request("heals", "memory", Map.of("restart", "empty")));
        Bundle backend = bundle("io.sluice.backstore-memory");
        backend.stop();
        assertFalse(status("heals").online());
        assertEquals(2, gateway.backstoreTypes().size());
        assertTrue(gateway.config().target(name).isPresent());
        backend.start();
        await(() -> status("heals").online());
        gateway.deleteTarget(name, false);
        gateway.deleteBackstore("heals");
    }

    @Test
    public void aDiskWhoseDataIsLostWaitsForTheOperator() throws Exception {
        gateway.createBackstore(request("lost", "memory", Map.of()));
        Bundle backend = bundle("io.sluice.backstore-memory");
        backend.stop();
        backend.start();
        await(() -> status("lost").problem().contains("backstore:reopen lost --empty lets it begin empty"));
        gateway.reopenBackstore("lost", true);
        assertTrue(status("lost").online());
        gateway.deleteBackstore("lost");
    }

    @Test
    public void aBackendDroppedIntoDeployIsFound() throws Exception {
        Bundle backend = bundle("io.sluice.backstore-null");
        byte[] bytes = bytes(backend);
        backend.uninstall();
        assertEquals(2, gateway.backstoreTypes().size());
        Path jar = deploy("backstore-null.jar", bytes);
        await(() -> gateway.backstoreTypes().size() == 3);
        Files.delete(jar);
        await(() -> gateway.backstoreTypes().size() == 2);
        context.installBundle(backend.getLocation()).start();
        await(() -> gateway.backstoreTypes().size() == 3);
    }

    /** Of two bundles for one type one works at a time, and their disks always have one. */
    @Test
    public void aSecondBundleOfATypeWaitsAndTakesOver() throws Exception {
        gateway.createBackstore(request("served", "null", Map.of()));
        Bundle first = bundle("io.sluice.backstore-null");
        Path jar = deploy("another.jar", renamed(bytes(first), "org.example.null"));
        await(() -> log().contains("there is a second bundle for backstores of the type null: it waits"));
        first.stop();
        await(() -> status("served").online());
        assertEquals(3, gateway.backstoreTypes().size());
        first.start();
        Files.delete(jar);
        await(() -> find("org.example.null") == null);
        await(() -> status("served").online());
        assertEquals(3, gateway.backstoreTypes().size());
        gateway.deleteBackstore("served");
    }

    /** Karaf puts it in the place of the bundle that has its name, and takes that away with the file. */
    @Test
    public void aJarWithTheNameOfABundleTakesItAwayAndTheFeatureBringsItBack() throws Exception {
        gateway.createBackstore(request("named", "null", Map.of()));
        Bundle backend = bundle("io.sluice.backstore-null");
        long installed = backend.getLastModified();
        Path jar = deploy("hotfix.jar", bytes(backend));
        await(() -> backend.getLastModified() > installed && backend.getState() == Bundle.ACTIVE);
        await(() -> status("named").online());
        Files.delete(jar);
        await(() -> gateway.backstoreTypes().size() == 2);
        String problem = status("named").problem();
        assertTrue(problem, problem.contains("feature:install sluice-backstore-null"));
        assertTrue(log().contains("backstore=named away: " + problem));
        assertEquals("", run("feature:install sluice-backstore-null", "admin"));
        await(() -> status("named").online());
        gateway.deleteBackstore("named");
    }

    private static byte[] bytes(Bundle bundle) throws IOException {
        // What starts with Karaf is read where it lies, which no URL handler is for.
        String location = bundle.getLocation().replaceFirst("^reference:", "").replaceFirst("\\$.*", "");
        try (InputStream in = new java.net.URL(location).openStream()) {
            return in.readAllBytes();
        }
    }

    /** Returns a jar as it was, but of a bundle with another symbolic name. */
    private static byte[] renamed(byte[] jar, String symbolicName) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
            Manifest manifest = in.getManifest();
            manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
            try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
                for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    in.transferTo(out);
                }
            }
        }
        return bytes.toByteArray();
    }

    /** Puts a file into the folder of the deployer as a whole, so that it does not find half of it. */
    private static Path deploy(String name, byte[] bytes) throws IOException {
        Path base = Path.of(System.getProperty("karaf.base"));
        Path whole = Files.write(base.resolve(name), bytes);
        return Files.move(whole, base.resolve("deploy").resolve(name));
    }

    private static String log() {
        try {
            return Files.readString(Path.of(System.getProperty("karaf.data"), "log", "karaf.log"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    public void commandsAreThereForAdministratorsOnly() throws Exception {
        assertTrue(run("gateway:status", "viewer").contains("Version"));
        assertTrue(run("target:create iqn.2026-11.io.sluice:admin", "admin").contains("Created target"));
        assertTrue(run("target:delete iqn.2026-11.io.sluice:admin", "viewer").contains("not found"));
        assertTrue(run("target:delete iqn.2026-11.io.sluice:admin", "admin").contains("Deleted target"));
    }

    @Test
    public void toolsForJmxSeeWhatThereIs() throws Exception {
        run("target:create iqn.2026-11.io.sluice:seen --file seen.img --size 1M", "admin");
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("io.sluice:type=Gateway");
        TabularData backstores = (TabularData) server.getAttribute(name, "Backstores");
        CompositeData seen =
                (CompositeData) backstores.get(new Object[] {"seen"}).get("value");
        assertEquals(1L << 20, seen.get("sizeBytes"));
        TabularData targets = (TabularData) server.getAttribute(name, "Targets");
        assertTrue(targets.containsKey(new Object[] {"iqn.2026-11.io.sluice:seen"}));
        assertEquals(0, ((TabularData) server.getAttribute(name, "Sessions")).size());
        assertEquals("nothing can be changed", 0, server.getMBeanInfo(name).getOperations().length);
        run("target:delete iqn.2026-11.io.sluice:seen; backstore:delete seen", "admin");
    }

    private String run(String command, String role) throws Exception {
        Subject subject = new Subject(true, Set.of(new RolePrincipal(role)), Set.of(), Set.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrivilegedExceptionAction<Void> action = () -> {
            PrintStream out = new PrintStream(bytes, true);
            Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out);
            try {
                session.execute(command);
            } catch (Exception refused) {
                out.println(refused.getClass().getSimpleName() + ": " + refused.getMessage() + " not found");
            }
            return null;
        };
        Subject.doAs(subject, action);
        return bytes.toString();
    }

    private BackstoreStatus status(String name) {
        return gateway.backstores().stream()
                .filter(status -> status.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Bundle bundle(String symbolicName) {
        Bundle found = find(symbolicName);
        assertNotNull("no bundle " + symbolicName, found);
        return found;
    }

    private Bundle find(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName())) {
                return bundle;
            }
        }
        return null;
    }

    /** The deployer looks every second, so this is waited for, up to a limit. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not become so within the limit");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }
}
