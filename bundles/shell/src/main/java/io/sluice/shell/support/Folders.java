package io.sluice.shell.support;

import java.nio.file.Path;

/**
 * Where this instance keeps what it has.
 *
 * @param etc configuration
 * @param data logs and caches
 * @param state what of a disk outlives the process
 * @param volumes files of disks
 */
public record Folders(Path etc, Path data, Path state, Path volumes) {

    /** Returns those that the instance was started with. */
    public static Folders ofInstance() {
        Path base = Path.of(System.getProperty("karaf.base", ""));
        return new Folders(
                folder("karaf.etc", base.resolve("etc")),
                folder("karaf.data", base.resolve("data")),
                folder("sluice.state", base.resolve("state")),
                folder("sluice.volumes", base.resolve("volumes")));
    }

    private static Path folder(String property, Path otherwise) {
        return Path.of(System.getProperty(property, otherwise.toString())).toAbsolutePath();
    }
}
