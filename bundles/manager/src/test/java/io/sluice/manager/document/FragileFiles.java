package io.sluice.manager.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A file system that keeps apart what is there and what would be there after a power loss: a name is stable once its folder was
 * forced, content once its file was. It counts the calls, and one of them can fail or be the last of the process. Writes are
 * short.
 */
final class FragileFiles implements FileCalls {

    private static final int SHORT = 300;

    /** What a call can meet. */
    enum Trouble {
        /** The process ends before it. */
        KILL,
        /** It fails and has done nothing. */
        FAIL,
        /** It fails after it has done its work. */
        FAIL_AFTER,
        /** It and all later ones fail. */
        BREAK
    }

    /** What a power loss leaves of bytes that were not forced. */
    enum Unforced {
        NOTHING,
        HALF,
        ZEROS,
        ALL
    }

    /** The process has ended; nothing of it goes on. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private static final class Inode {
        private final boolean folder;
        private byte[] bytes = {};
        private byte[] forced = {};

        Inode(boolean folder) {
            this.folder = folder;
        }

        Inode after(Unforced unforced) {
            Inode inode = new Inode(folder);
            inode.bytes = forced.length == bytes.length
                    ? forced
                    : switch (unforced) {
                        case NOTHING -> forced;
                        case HALF -> Arrays.copyOf(bytes, bytes.length / 2);
                        case ZEROS -> new byte[bytes.length];
                        case ALL -> bytes;
                    };
            inode.forced = inode.bytes;
            return inode;
        }
    }

    /** Names of one folder that change in one step; null for those that go. */
    private record Change(Path folder, Map<Path, Inode> names) {}

    private final Map<Path, Inode> now = new TreeMap<>();
    private final Map<Path, Inode> stable = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();
    private int calls;
    private int troubledCall = -1;
    private Trouble trouble;
    private boolean ended;

    /** A file system with one empty folder. */
    FragileFiles(Path folder) {
        for (Path path = folder; path != null; path = path.getParent()) {
            now.put(path, new Inode(true));
        }
        stable.putAll(now);
    }

    private FragileFiles(Map<Path, Inode> names) {
        for (Map.Entry<Path, Inode> name : names.entrySet()) {
            Path parent = name.getKey().getParent();
            if (parent == null || now.containsKey(parent)) {
                now.put(name.getKey(), name.getValue());
            }
        }
        stable.putAll(now);
    }

    /** Returns how many calls there were. */
    int calls() {
        return calls;
    }

    /** Lets a call, the first of which is 0, meet with trouble. */
    void plan(int call, Trouble what) {
        troubledCall = call;
        trouble = what;
    }

    /** Returns what another process finds. */
    FragileFiles afterKill() {
        return new FragileFiles(now);
    }

    /** Returns everything that may be found after a power loss. */
    List<FragileFiles> afterPowerLoss() {
        List<FragileFiles> found = new ArrayList<>();
        for (int subset = 0; subset < 1 << pending.size(); subset++) {
            for (Unforced unforced : Unforced.values()) {
                found.add(afterPowerLoss(subset, unforced));
            }
        }
        return found;
    }

    private FragileFiles afterPowerLoss(int subset, Unforced unforced) {
        Map<Path, Inode> names = new TreeMap<>(stable);
        for (int i = 0; i < pending.size(); i++) {
            if ((subset & 1 << i) != 0) {
                apply(pending.get(i), names);
            }
        }
        names.replaceAll((path, inode) -> inode.after(unforced));
        return new FragileFiles(names);
    }

    private static void apply(Change change, Map<Path, Inode> names) {
        change.names().forEach((path, inode) -> {
            if (inode == null) {
                names.remove(path);
            } else {
                names.put(path, inode);
            }
        });
    }

    /** A call that may fail. */
    @FunctionalInterface
    private interface Work<T> {
        T perform() throws IOException;
    }

    private <T> T call(String what, Work<T> work) throws IOException {
        int call = calls++;
        boolean met = call == troubledCall || trouble == Trouble.BREAK && call > troubledCall;
        ended |= met && trouble == Trouble.KILL;
        if (ended) {
            throw new Killed();
        }
        if (met && trouble == Trouble.FAIL_AFTER) {
            work.perform();
        }
        if (met) {
            throw new IOException("call " + call + " fails on purpose: " + what);
        }
        return work.perform();
    }

    private void change(Path folder, Map<Path, Inode> names) throws IOException {
        find(folder);
        Change change = new Change(folder, names);
        apply(change, now);
        pending.add(change);
    }

    private Inode find(Path path) throws IOException {
        Inode inode = now.get(path);
        if (inode == null) {
            throw new NoSuchFileException(path.toString());
        }
        return inode;
    }

    private Inode make(Path path, boolean folder) throws IOException {
        if (now.containsKey(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        Inode made = new Inode(folder);
        change(path.getParent(), Map.of(path, made));
        return made;
    }

    @Override
    public boolean exists(Path path) {
        return now.containsKey(path);
    }

    @Override
    public boolean isFile(Path path) {
        return now.containsKey(path) && !now.get(path).folder;
    }

    @Override
    public Set<PosixFilePermission> permissions(Path file) throws IOException {
        return PosixFilePermissions.fromString(find(file).folder ? "rwx------" : "rw-------");
    }

    @Override
    public long size(Path file) throws IOException {
        return call("size of " + file, () -> find(file).bytes.length);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return call("read " + file, () -> find(file).bytes.clone());
    }

    @Override
    public List<Path> list(Path folder) throws IOException {
        return call("list " + folder, () -> {
            find(folder);
            return now.keySet().stream()
                    .filter(path -> folder.equals(path.getParent()))
                    .toList();
        });
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        call("make folder " + folder, () -> make(folder, true));
    }

    @Override
    public NewFile create(Path file) throws IOException {
        Inode inode = call("create " + file, () -> make(file, false));
        return new NewFile() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                call("write to " + file, () -> {
                    byte[] more = new byte[Math.min(SHORT, bytes.remaining())];
                    bytes.get(more);
                    byte[] before = inode.bytes;
                    inode.bytes = Arrays.copyOf(before, before.length + more.length);
                    System.arraycopy(more, 0, inode.bytes, before.length, more.length);
                    return null;
                });
            }

            @Override
            public void force() throws IOException {
                call("force " + file, () -> inode.forced = inode.bytes);
            }

            @Override
            public void close() throws IOException {
                call("close " + file, () -> null);
            }
        };
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call("rename " + from, () -> {
            Map<Path, Inode> names = new LinkedHashMap<>();
            names.put(from, null);
            names.put(to, find(from));
            change(to.getParent(), names);
            return null;
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        call("delete " + file, () -> {
            find(file);
            Map<Path, Inode> names = new LinkedHashMap<>();
            names.put(file, null);
            change(file.getParent(), names);
            return null;
        });
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        call("force folder " + folder, () -> {
            pending.stream().filter(change -> change.folder().equals(folder)).forEach(change -> apply(change, stable));
            pending.removeIf(change -> change.folder().equals(folder));
            return null;
        });
    }
}
