package io.sluice.shell.support;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** What a support bundle says of the process and its machine. Of the environment and the command line there is nothing. */
public final class MachineParts {

    /** No other one: anybody may have put anything there. */
    private static final List<String> PROPERTIES = List.of(
            "java.version",
            "java.vendor",
            "java.vm.name",
            "java.vm.version",
            "java.home",
            "os.name",
            "os.version",
            "os.arch",
            "user.name",
            "user.timezone",
            "file.encoding",
            "java.io.tmpdir",
            "karaf.version",
            "karaf.home",
            "karaf.base",
            "karaf.etc",
            "karaf.data",
            "karaf.log",
            "sluice.portal",
            "sluice.portal.open.to.all",
            "sluice.ssh.port",
            "sluice.state",
            "sluice.volumes",
            "io.netty.leakDetection.level");

    private static final int LARGEST = 1 << 20;

    private MachineParts() {}

    /** Returns the parts. */
    public static List<Part> parts() {
        return List.of(
                new Part("java/threads.txt", () -> diagnosed("threadPrint", "-l")),
                new Part("java/heap.txt", () -> diagnosed("gcHeapInfo") + memory()),
                new Part("java/gc.txt", MachineParts::collections),
                new Part("java/properties.txt", MachineParts::properties),
                new Part("machine/open-files.txt", MachineParts::openFiles),
                new Part("machine/kernel.txt", () -> proc("version")),
                new Part("machine/memory.txt", () -> proc("meminfo")),
                new Part("machine/load.txt", () -> proc("loadavg") + proc("pressure/io") + proc("pressure/memory")),
                new Part("machine/process.txt", () -> proc("self/status") + proc("self/limits")),
                new Part("machine/processors.txt", () -> Runtime.getRuntime().availableProcessors() + "\n"));
    }

    /** What {@code jcmd} prints of a process that is somebody else. */
    private static String diagnosed(String operation, String... arguments) throws JMException {
        boolean none = arguments.length == 0;
        Object said = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        operation,
                        none ? null : new Object[] {arguments},
                        none ? null : new String[] {String[].class.getName()});
        return String.valueOf(said);
    }

    private static String memory() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .map((MemoryPoolMXBean pool) -> pool.getName() + ": " + pool.getUsage() + "\n")
                .collect(Collectors.joining());
    }

    private static String collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map((GarbageCollectorMXBean collector) -> collector.getName() + ": " + collector.getCollectionCount()
                        + " in " + collector.getCollectionTime() + " ms\n")
                .collect(Collectors.joining());
    }

    private static String properties() {
        return PROPERTIES.stream()
                .map(name -> name + " = " + System.getProperty(name, "") + "\n")
                .collect(Collectors.joining());
    }

    private static String openFiles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count() + "\n";
        }
    }

    /** What a kernel does not have is empty. */
    private static String proc(String name) throws IOException {
        Path file = Path.of("/proc", name);
        if (!Files.isReadable(file)) {
            return "";
        }
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LARGEST), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
