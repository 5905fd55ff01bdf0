package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux tells of a block device under /sys and /proc. Every call may wait. */
final class BlockDevice {

    private static final int MINOR_BITS = 8;
    private static final int MINOR_LOW = 0xFF;
    private static final int MAJOR_MASK = 0xFFF;
    private static final int MINOR_HIGH = 0xFFF00;
    private static final int HIGH_SHIFT = 12;

    /** Fields of a line of /proc/self/mountinfo: proc_pid_mountinfo(5). */
    private static final int MOUNT_DEVICE = 2;

    private static final int MOUNT_POINT = 4;

    /** Nobody waits for the end of what is longer. */
    private static final int MOST_AHEAD_KIB = 1024;

    private static final String UNKNOWN_USER = "the kernel or another process has it for itself";

    private final String number;
    private final Path system;

    /** @param deviceNumber as stat(2) tells it */
    BlockDevice(long deviceNumber, Path system) {
        long major = deviceNumber >> MINOR_BITS & MAJOR_MASK;
        long minor = deviceNumber & MINOR_LOW | deviceNumber >> HIGH_SHIFT & MINOR_HIGH;
        this.number = major + ":" + minor;
        this.system = system;
    }

    static BlockDevice at(Path path) throws IOException {
        return new BlockDevice(((Number) Files.getAttribute(path, "unix:rdev")).longValue(), Path.of("/"));
    }

    /** Returns the device that a file lies on, as far as one device can be told; a device lies on itself. */
    static BlockDevice under(Path path) throws IOException {
        String attribute = StoragePath.isBlockDevice(path) ? "unix:rdev" : "unix:dev";
        return new BlockDevice(((Number) Files.getAttribute(path, attribute)).longValue(), Path.of("/"));
    }

    /** Returns how much the kernel reads ahead at most by one call, in bytes: what it is asked for beyond that it forgets. */
    int readAheadBytes() {
        int kibibytes = Math.max(queue("read_ahead_kb"), queue("max_sectors_kb"));
        return Math.max(Math.min(kibibytes, MOST_AHEAD_KIB) << 10, ReadAhead.SMALLEST_PIECE_BYTES);
    }

    /** Returns what space is given back in, in bytes. */
    int unitBytes() {
        return Math.max(queue("discard_granularity"), Math.max(queue("logical_block_size"), 512));
    }

    private int queue(String name) {
        // A partition has the queue of its disk, one folder up.
        for (String folder : List.of("queue", "../queue")) {
            try {
                Path file = system.resolve("sys/dev/block")
                        .resolve(number)
                        .toRealPath()
                        .resolve(folder);
                return Integer.parseInt(Files.readString(file.resolve(name)).trim());
            } catch (IOException | NumberFormatException absent) {
                // The next place.
            }
        }
        return 0;
    }

    /** Returns the least that the device writes as a whole, in bytes; 0 if it is not known. */
    int physicalBlockBytes() {
        return queue("physical_block_size");
    }

    /** Returns the least that the device takes, in bytes; 0 if it is not known. */
    int logicalBlockBytes() {
        return queue("logical_block_size");
    }

    /** Returns who has the device, in words that go on behind "it": where it is mounted, or which device lies on it. */
    String user() {
        try {
            Map<String, String> mounts = mounts();
            if (mounts.containsKey(number)) {
                return "it is mounted at " + mounts.get(number);
            }
            Path device = system.resolve("sys/dev/block").resolve(number);
            for (Path partition : list(device)) {
                String itsNumber = Files.exists(partition.resolve("partition"))
                        ? Files.readString(partition.resolve("dev")).trim()
                        : "";
                if (mounts.containsKey(itsNumber)) {
                    return "its partition " + partition.getFileName() + " is mounted at " + mounts.get(itsNumber);
                }
            }
            String names = list(device.resolve("holders")).stream()
                    .map(holder -> holder.getFileName().toString())
                    .collect(Collectors.joining(", "));
            return names.isEmpty() ? UNKNOWN_USER : "it is part of " + names;
        } catch (IOException unknown) {
            return UNKNOWN_USER;
        }
    }

    /** Returns where devices are mounted, by their numbers. */
    private Map<String, String> mounts() throws IOException {
        Map<String, String> mounts = new HashMap<>();
        for (String line : Files.readAllLines(system.resolve("proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (fields.length > MOUNT_POINT) {
                mounts.putIfAbsent(fields[MOUNT_DEVICE], fields[MOUNT_POINT]);
            }
        }
        return mounts;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
