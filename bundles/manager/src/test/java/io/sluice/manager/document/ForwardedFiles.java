package io.sluice.manager.document;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/** Files of somebody else, whose calls a test holds up, changes or lets fail. */
class ForwardedFiles implements FileCalls {

    private final FileCalls below;

    /** Those of the machine. */
    ForwardedFiles() {
        this(MACHINE);
    }

    ForwardedFiles(FileCalls below) {
        this.below = below;
    }

    /** Is there before each call that looks at something. */
    void before(Path path) throws IOException {}

    @Override
    public boolean exists(Path path) {
        return below.exists(path);
    }

    @Override
    public boolean isFile(Path path) {
        return below.isFile(path);
    }

    @Override
    public Set<PosixFilePermission> permissions(Path file) throws IOException {
        before(file);
        return below.permissions(file);
    }

    @Override
    public long size(Path file) throws IOException {
        before(file);
        return below.size(file);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        before(file);
        return below.read(file);
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        before(folder);
        return below.list(folder);
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        below.makeFolder(folder);
    }

    @Override
    public NewFile create(Path file) throws IOException {
        return below.create(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        below.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        below.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        below.forceFolder(folder);
    }
}
