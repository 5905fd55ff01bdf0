package io.sluice.manager.document;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/**
 * What is asked of a file system to keep settings and state: a method for each call that can fail, or be the last one, by
 * itself. So a test can be a file system that forgets what was not forced. Thread-safe.
 */
interface FileCalls {

    /** The file system of the machine. */
    FileCalls MACHINE = new MachineFiles();

    /** Returns whether there is a file or folder. */
    boolean exists(Path path);

    /** Returns whether there is a file, and not a folder, a link or something else. */
    boolean isFile(Path path);

    /** Returns who may do what with a file. */
    Set<PosixFilePermission> permissions(Path file) throws IOException;

    /** Returns the length of a file in bytes. */
    long size(Path file) throws IOException;

    /** Returns everything that is in a file. */
    byte[] read(Path file) throws IOException;

    /** Returns what is in a folder. */
    List<Path> list(Path folder) throws IOException;

    /**
     * Makes a folder for its owner alone, in one that there is.
     *
     * @throws IOException if there is something of that name already, too
     */
    void makeFolder(Path folder) throws IOException;

    /**
     * Makes an empty file for its owner alone.
     *
     * @throws IOException if there is something of that name already, too
     */
    NewFile create(Path file) throws IOException;

    /** Gives a file another name in its folder, in place of the one that has it, in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file. */
    void delete(Path file) throws IOException;

    /** Returns when the names in a folder survive a power loss as they are now. */
    void forceFolder(Path folder) throws IOException;

    /** A file that is being written. */
    interface NewFile extends Closeable {

        /** Appends bytes, perhaps not all of them, and moves the position of the buffer behind those that it has taken. */
        void write(ByteBuffer bytes) throws IOException;

        /** Returns when what was written survives a power loss, if the name of the file does. */
        void force() throws IOException;
    }
}
