package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What a file or device is on, and what that means for a flush.
 *
 * @param name in a few words
 * @param caution what a flush does not promise there, one line; empty if it promises what that of a disk does
 * @param remote whether somebody outside of the kernel keeps the data, perhaps apart for each that has opened the file
 */
record Medium(String name, String caution, boolean remote) {

    /** The same for who goes past the page cache of this machine. */
    Medium uncached() {
        String each = "each read goes to the disk, also of what was read before";
        return new Medium(name + ", without the page cache", caution.isEmpty() ? each : caution + "; " + each, remote);
    }

    /** Returns whether the page cache is all that there is. */
    boolean inMemory() {
        return name.startsWith(IN_MEMORY);
    }

    /**
     * Returns whether holes are told after what was written before: the kernel's clients of these write it back first. Others may take
     * for a hole what the page cache has and who keeps the data has not yet.
     */
    boolean tellsHoles() {
        return !remote || WRITE_BACK_FIRST.stream().anyMatch(type -> name.contains("(" + type));
    }

    private static final Set<String> WRITE_BACK_FIRST = Set.of("nfs", "cifs", "smb3");
    private static final String IN_MEMORY = "a file in memory";

    static final Medium DEVICE = new Medium("a block device", "", false);

    /** Finds out what a file is on; may wait. */
    static Medium of(Path path) throws IOException {
        return StoragePath.isBlockDevice(path)
                ? DEVICE
                : ofFileSystem(Files.getFileStore(path).type());
    }

    /** @param type as in /proc/mounts */
    static Medium ofFileSystem(String type) {
        String kind = type.contains(".") ? type.substring(0, type.indexOf('.')) : type;
        return switch (kind) {
            case "tmpfs", "ramfs" ->
                new Medium(IN_MEMORY + " (" + type + ")", "nothing survives a restart of this machine", false);
            case "overlay", "aufs" ->
                new Medium(
                        "a file in a layer of a container (" + type + ")",
                        "it is gone with the container, and one from a lower layer is copied as a whole by its first"
                                + " write: use a volume",
                        false);
            case "nfs", "nfs3", "nfs4", "cifs", "smb3", "smbfs", "ceph", "afs", "9p", "virtiofs", "vboxsf", "lustre" ->
                new Medium(
                        "a file on another machine (" + type + ")",
                        "a flush is as good as that machine's, and only locks keep others there from writing to it",
                        true);
            case "fuse", "fuseblk" ->
                new Medium(
                        "a file that a process keeps (" + type + ")", "a flush is what that process makes of it", true);
            default -> new Medium("a file on " + type, "", false);
        };
    }
}
