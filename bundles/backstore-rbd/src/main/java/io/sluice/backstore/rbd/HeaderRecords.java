package io.sluice.backstore.rbd;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.SharedRecords;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Records in attributes of the object in which the cluster keeps what an image is: they go with the image when it is renamed or
 * removed, and who is shut out can neither read nor write them. librbd itself writes metadata only for who has the lock, and a
 * gateway that stands by has it not. All calls may wait.
 */
final class HeaderRecords {

    private static final Pattern NAME = Pattern.compile("[a-z0-9.-]{1,60}");
    private static final String PREFIX = "sluice.";

    private final long pool;
    private final String object;
    private final String spec;

    /**
     * @param pool where the image is
     * @param id of the image, which it keeps under another name
     * @param spec the image for messages
     */
    HeaderRecords(long pool, String id, String spec) {
        this.pool = pool;
        this.object = "rbd_header." + id;
        this.spec = spec;
    }

    private static String attribute(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("record " + name);
        }
        return PREFIX + name;
    }

    byte[] get(String name) throws FailedCall {
        try (Memory value = new Memory(SharedRecords.MOST_BYTES)) {
            int length = Librados.rados_getxattr(
                    pool, object, attribute(name), Pointer.nativeValue(value), SharedRecords.MOST_BYTES);
            if (length == -Errors.ENODATA || length == 0) {
                return new byte[0];
            }
            check(length, "cannot be read");
            return value.getByteArray(0, length);
        }
    }

    void put(String name, byte[] value) throws BackstoreException, FailedCall {
        if (value.length > SharedRecords.MOST_BYTES) {
            throw new BackstoreException(
                    Fault.OUT_OF_SPACE,
                    "image " + spec + ": a record of " + value.length + " bytes is larger than the "
                            + SharedRecords.MOST_BYTES + " that it may have");
        }
        if (value.length == 0) {
            int result = Librados.rados_rmxattr(pool, object, attribute(name));
            check(result == -Errors.ENODATA ? 0 : result, "cannot be removed");
            return;
        }
        try (Memory bytes = new Memory(value.length)) {
            bytes.write(0, value, 0, value.length);
            check(
                    Librados.rados_setxattr(pool, object, attribute(name), Pointer.nativeValue(bytes), value.length),
                    "cannot be written");
        }
    }

    List<String> names() throws FailedCall {
        long[] walk = new long[1];
        check(Librados.rados_getxattrs(pool, object, walk), "cannot be listed");
        List<String> names = new ArrayList<>();
        try {
            long[] name = new long[1];
            long[] value = new long[1];
            long[] length = new long[1];
            while (Librados.rados_getxattrs_next(walk[0], name, value, length) == 0 && name[0] != 0) {
                String found = new Pointer(name[0]).getString(0);
                if (found.startsWith(PREFIX)) {
                    names.add(found.substring(PREFIX.length()));
                }
            }
        } finally {
            Librados.rados_getxattrs_end(walk[0]);
        }
        return names;
    }

    /**
     * Has librbd of everybody who has the image open take notice: nothing in it means that the header has changed, since its first
     * version. One who is dead keeps the call waiting for as long as it may.
     *
     * @param millis so long
     */
    void announce(long millis) throws FailedCall {
        long[] answers = new long[1];
        int result = Librados.rados_notify2(pool, object, 0, 0, millis, answers, new long[1]);
        Librados.rados_buffer_free(answers[0]);
        check(result == -Errors.ETIMEDOUT ? 0 : result, "cannot be told of");
    }

    private void check(int result, String what) throws FailedCall {
        if (result < 0) {
            throw new FailedCall("image " + spec + ": a record " + what, -result);
        }
    }
}
