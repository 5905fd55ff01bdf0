package io.sluice.backstore.rbd;

import com.sun.jna.Native;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.Map;
import java.util.Set;

/**
 * What has to be so whatever the settings of the cluster say. An image and its pool can have settings of their own, which come
 * before those of a connection: an image that has others is refused.
 */
final class Settings {

    /** How the cluster is spoken with. */
    private static final Map<String, String> CONNECTION = Map.of(
            // No operation is given up: a late one could land over a newer one.
            "rados_osd_op_timeout", "0",
            "client_mount_timeout", "10",
            // What monitors are asked ends: who waits for an image to be taken from somebody is told.
            "rados_mon_op_timeout", "10",
            // Nothing is printed on the console.
            "log_to_stderr", "false",
            "err_to_stderr", "false",
            "log_file", "",
            "admin_socket", "");

    /** How images are used. */
    private static final Map<String, String> IMAGES = Map.of(
            // What was written is on the disks of the cluster.
            "rbd_cache", "false",
            // Nor is it on the disk of this host alone.
            "rbd_persistent_cache_mode", "disabled",
            "rbd_plugins", "",
            // Buffers are copied when they are written, because the network may still read them when the answer is
            // there.
            "rbd_disable_zero_copy_writes", "true",
            // Whoever asks is not held up.
            "rbd_non_blocking_aio", "true",
            // Whoever loses an image is shut out, or what it still has under way could land later.
            "rbd_blocklist_on_break_lock", "true",
            // Ceph 16 understands no other number of its own; whoever is shut out is so for longer, see KeptOut.
            "rbd_blocklist_expire_seconds", "0");

    /** A word in names of settings, and the one that was there before Ceph 16. */
    private static final String NEW_WORD = "blocklist";

    private static final String OLD_WORD = "blacklist";

    /** What librbd does not know before Ceph 16 it does not do either. */
    private static final Set<String> SINCE_16 = Set.of("rbd_persistent_cache_mode", "rbd_plugins");

    /** Settings of an image are metadata of it, and those of a pool metadata of the pool. */
    private static final String METADATA = "conf_";

    private static final int MOST_BYTES = 256;

    private Settings() {}

    /** Sets them all for a connection that is not made yet. */
    static void apply(long cluster) throws BackstoreException {
        for (Map.Entry<String, String> setting : CONNECTION.entrySet()) {
            set(cluster, setting.getKey(), setting.getValue());
        }
        for (Map.Entry<String, String> setting : IMAGES.entrySet()) {
            set(cluster, setting.getKey(), setting.getValue());
        }
    }

    private static void set(long cluster, String name, String value) throws BackstoreException {
        int result = Librados.rados_conf_set(cluster, name, value);
        if (result < 0 && name.contains(NEW_WORD)) {
            result = Librados.rados_conf_set(cluster, name.replace(NEW_WORD, OLD_WORD), value);
        }
        if (result == -Errors.ENOENT && SINCE_16.contains(name)) {
            return;
        }
        if (result < 0) {
            throw Errors.notReady("librados does not take " + name, -result);
        }
    }

    /** @throws BackstoreException if an open image, or its pool, says otherwise */
    static void requireUnchanged(long pool, long image, String spec) throws BackstoreException {
        for (Map.Entry<String, String> setting : IMAGES.entrySet()) {
            String name = setting.getKey();
            require(pool, image, spec, name, setting.getValue());
            if (name.contains(NEW_WORD)) {
                require(pool, image, spec, name.replace(NEW_WORD, OLD_WORD), setting.getValue());
            }
        }
    }

    private static void require(long pool, long image, String spec, String name, String value)
            throws BackstoreException {
        byte[] found = new byte[MOST_BYTES];
        String of = "image " + spec;
        int result = Librbd.rbd_metadata_get(image, METADATA + name, found, new long[] {MOST_BYTES});
        if (result == -Errors.ENOENT) {
            of = "the pool of image " + spec;
            result = Librbd.rbd_pool_metadata_get(pool, METADATA + name, found, new long[] {MOST_BYTES});
        }
        if (result == -Errors.ENOENT) {
            return;
        }
        if (result < 0) {
            throw Errors.notReady("image " + spec + " does not tell its settings", -result);
        }
        String text = Native.toString(found);
        if (!text.equals(value)) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    of + " has the setting " + name + " = " + text
                            + ", which would lose data or hold hosts up: remove it," + " see 'rbd help config'");
        }
    }
}
