package io.sluice.backstore.rbd;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;

/**
 * An open image with its connection. All methods but {@link #address}, {@link #isWritable} and {@link #spec} may wait, some as
 * long as the cluster does not answer. Whoever asks when it is being closed is refused: what librbd knows at that address is
 * gone then. Thread-safe, but for operations by {@link #address}, which are to be over before it is closed.
 */
final class Image implements AutoCloseable {

    private static final int EXCLUSIVE = 0;
    private static final int MOST_OWNERS = 8;

    /** A struct of librbd, with room for what newer versions add to it. */
    private static final int INFORMATION_BYTES = 512;

    private static final int INFORMATION_OBJECT_SIZE = 8;

    static final int ID_BYTES = 128;

    private final Connection connection;
    private final ImageOptions options;
    private final boolean writable;
    private final long address;

    /** Whoever reads asks librbd something; whoever writes ends it. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;
    private volatile boolean locked;

    private Image(Connection connection, ImageOptions options, boolean writable, long address) {
        this.connection = connection;
        this.options = options;
        this.writable = writable;
        this.address = address;
    }

    /**
     * Connects and opens an image; one that is written is this gateway's alone from then on, unless it is shared.
     *
     * @throws BackstoreException if it is not there, the cluster refuses, or somebody else has it
     */
    static Image open(ImageOptions options, boolean writable) throws BackstoreException {
        Connection connection = Connection.open(options);
        Image image = null;
        boolean ready = false;
        try {
            image = new Image(connection, options, writable, openAt(connection, options, writable));
            image.requireSame();
            Settings.requireUnchanged(connection.pool(), image.address, options.spec());
            image.requireCacheWritten();
            if (writable) {
                image.requireLocks();
            }
            if (writable && !options.shared()) {
                image.lock();
            }
            ready = true;
            return image;
        } finally {
            if (!ready) {
                if (image == null) {
                    connection.close();
                } else {
                    image.close();
                }
            }
        }
    }

    private static long openAt(Connection connection, ImageOptions options, boolean writable)
            throws BackstoreException {
        long[] opened = new long[1];
        int result = writable
                ? Librbd.rbd_open(connection.pool(), options.image(), opened, null)
                : Librbd.rbd_open_read_only(connection.pool(), options.image(), opened, options.snapshot());
        if (result < 0) {
            throw Errors.notReady("image " + options.spec() + " cannot be opened", -result);
        }
        return opened[0];
    }

    /** Without the plugin, which is shut off, librbd does not look for what is there, and would lay new blocks over old ones. */
    private void requireCacheWritten() throws BackstoreException {
        if (has(Features.DIRTY_CACHE)) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "what was written to image " + options.spec()
                            + " last is in the persistent cache of a client: on its host, rbd"
                            + " persistent-cache flush " + options.spec());
        }
    }

    /** An image can be renamed, and another one made with its name: hosts would write to that as if it was theirs. */
    private void requireSame() throws BackstoreException {
        if (options.id() == null) {
            return;
        }
        String id = id();
        if (!id.equals(options.id())) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "image " + options.spec() + " has the id " + id + " and is not the one that this disk was made of, "
                            + options.id()
                            + ": give that one its name back with rbd rename, or delete the backstore and"
                            + " make it anew");
        }
    }

    private String id() throws BackstoreException {
        byte[] id = new byte[ID_BYTES];
        ask("does not tell what it is", () -> Librbd.rbd_get_id(address, id, id.length));
        return Native.toString(id);
    }

    private void requireLocks() throws BackstoreException {
        if (!has(Features.EXCLUSIVE_LOCK)) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "image " + options.spec() + " has no exclusive lock, so that another gateway could write it too:"
                            + " rbd feature enable " + options.spec() + " exclusive-lock");
        }
    }

    /**
     * A lock that is asked for by its name is given to nobody who merely wants to write; it is held until it is broken. An owner
     * that seems dead is shut out here: librbd would do so for an hour, and what seems dead may sleep for longer.
     */
    private void lock() throws BackstoreException {
        String owner = owner();
        boolean breaks = owner != null && (options.takesOver() || isDead(owner));
        lock(owner, breaks, ": it is waited for; -o takeover=break takes it away");
    }

    /** One that closes the image lets go of the lock before it is no watcher any more, and is not shut out. */
    private boolean isDead(String owner) throws BackstoreException {
        return !Watchers.has(address, owner, options.spec()) && owner.equals(owner());
    }

    /**
     * Has the image for this gateway alone. An owner is never asked: one that is dead would not answer for half a minute.
     *
     * @param force whether it is taken from an owner that is there
     */
    void take(boolean force) throws BackstoreException {
        String owner = isOwn() ? null : owner();
        lock(owner, force && owner != null, "");
    }

    /** Asks librbd for the lock only when nobody has it, so that librbd never breaks one by itself. */
    private void lock(String owner, boolean breaks, String advice) throws BackstoreException {
        String left = owner;
        if (breaks) {
            breakLock(owner);
            left = owner();
        }
        int error = left == null ? -Librbd.rbd_lock_acquire(address, EXCLUSIVE) : Errors.EROFS;
        if (error == Errors.EROFS) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "image " + options.spec() + " is in use by " + (left == null ? "somebody else" : left) + advice);
        }
        if (error > 0) {
            throw Errors.notReady("image " + options.spec() + " cannot be locked", error);
        }
        locked = true;
    }

    private boolean isOwn() throws BackstoreException {
        int[] own = new int[1];
        ask("does not tell whose it is", () -> Librbd.rbd_is_exclusive_lock_owner(address, own));
        return own[0] != 0;
    }

    /** Returns the records that all see who have the image open. */
    HeaderRecords records() throws BackstoreException {
        return new HeaderRecords(connection.pool(), id(), options.spec());
    }

    /** Whoever has the image is shut out of the cluster, so that nothing of it arrives any more, and then loses the lock. */
    private void breakLock(String owner) throws BackstoreException {
        KeptOut.add(connection.cluster(), owner);
        int error = -Librbd.rbd_lock_break(address, EXCLUSIVE, owner);
        if (error > 0 && error != Errors.ENOENT) {
            throw Errors.notReady("image " + options.spec() + " cannot be taken from " + owner, error);
        }
    }

    /** Returns who has the lock, or null if nobody has. */
    private String owner() throws BackstoreException {
        int[] mode = new int[1];
        long[] owners = new long[MOST_OWNERS];
        long[] count = {MOST_OWNERS};
        int error = -Librbd.rbd_lock_get_owners(address, mode, owners, count);
        if (error > 0 && error != Errors.ENOENT) {
            throw new FailedCall("image " + options.spec() + " does not tell who has it", error);
        }
        if (error > 0 || count[0] == 0) {
            return null;
        }
        String owner = new Pointer(owners[0]).getString(0);
        Librbd.rbd_lock_get_owners_cleanup(owners, count[0]);
        return owner;
    }

    long address() {
        return address;
    }

    boolean isWritable() {
        return writable;
    }

    /** Returns the image in the words of the tools of Ceph. */
    String spec() {
        return options.spec();
    }

    long sizeBytes() throws BackstoreException {
        long[] size = new long[1];
        ask("does not tell its size", () -> Librbd.rbd_get_size(address, size));
        return size[0];
    }

    void resize(long bytes) throws BackstoreException {
        ask("cannot be made larger", () -> Librbd.rbd_resize(address, bytes));
    }

    int objectBytes() throws BackstoreException {
        byte[] information = new byte[INFORMATION_BYTES];
        ask("does not tell how it is made", () -> Librbd.rbd_stat(address, information, information.length));
        return (int) ByteBuffer.wrap(information).order(ByteOrder.nativeOrder()).getLong(INFORMATION_OBJECT_SIZE);
    }

    private boolean has(long feature) throws BackstoreException {
        long[] features = new long[1];
        ask("does not tell what it can do", () -> Librbd.rbd_get_features(address, features));
        return (features[0] & feature) != 0;
    }

    /** Returns whether it is known without asking for each object how much space is taken. */
    boolean knowsItsObjects() throws BackstoreException {
        long[] flags = new long[1];
        ask("does not tell how it is", () -> Librbd.rbd_get_flags(address, flags));
        return has(Features.FAST_DIFF) && (flags[0] & Features.STALE) == 0;
    }

    /** Returns the size of all objects that are there. */
    long allocatedBytes() throws BackstoreException {
        AtomicLong sum = new AtomicLong();
        Librbd.Extent adding = (offset, length, exists, argument) -> {
            if (exists != 0) {
                sum.addAndGet(length);
            }
            return 0;
        };
        byte no = 0;
        byte yes = 1;
        long size = sizeBytes();
        ask(
                "does not tell what space it takes",
                () -> Librbd.rbd_diff_iterate2(address, null, 0, size, no, yes, adding, 0));
        return sum.get();
    }

    private void ask(String what, IntSupplier question) throws BackstoreException {
        int result = using(question::getAsInt);
        if (result < 0) {
            throw Errors.notReady("image " + options.spec() + " " + what, -result);
        }
    }

    /** Calls of the libraries that need the image. */
    @FunctionalInterface
    interface Calls<T> {
        T make() throws BackstoreException;
    }

    /**
     * Makes calls while the image stays open.
     *
     * @throws BackstoreException if it is closed already
     */
    <T> T using(Calls<T> calls) throws BackstoreException {
        // Nobody waits for an image that is being closed, which may take as long as it likes.
        if (!use.readLock().tryLock()) {
            throw gone();
        }
        try {
            if (closed) {
                throw gone();
            }
            return calls.make();
        } finally {
            use.readLock().unlock();
        }
    }

    private BackstoreException gone() {
        return new BackstoreException(Fault.NOT_READY, "image " + options.spec() + " is closed");
    }

    /** Lets others have it. Waits for the cluster and for those who ask it something, for ever if it must. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            closed = true;
            if (locked) {
                Librbd.rbd_lock_release(address);
            }
            Librbd.rbd_close(address);
            connection.close();
        } finally {
            use.writeLock().unlock();
        }
    }
}
