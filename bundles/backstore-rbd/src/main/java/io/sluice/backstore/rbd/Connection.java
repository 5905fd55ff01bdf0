package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A connection to a cluster, and in it the pool of one image. Each image has its own: the cluster shuts out a connection as a
 * whole, so the takeover of one image would take all others of a shared one. All calls may wait.
 *
 * @param cluster address of the connection
 * @param pool address of the pool in it
 */
record Connection(long cluster, long pool) implements AutoCloseable {

    /** @throws BackstoreException if the cluster does not answer within ten seconds, or refuses */
    static Connection open(ImageOptions options) throws BackstoreException {
        if (!Files.isReadable(Path.of(options.conf()))) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "the settings of the cluster, " + options.conf() + ", cannot be read: put them there, or name"
                            + " others with -o conf=PATH");
        }
        long[] address = new long[1];
        check("librados cannot begin", Librados.rados_create(address, options.user()));
        long cluster = address[0];
        boolean connected = false;
        try {
            set(cluster, options);
            connect(cluster, options);
            Connection opened = new Connection(cluster, pool(cluster, options));
            connected = true;
            return opened;
        } finally {
            if (!connected) {
                Librados.rados_shutdown(cluster);
            }
        }
    }

    private static void set(long cluster, ImageOptions options) throws BackstoreException {
        check(
                "the settings of the cluster, " + options.conf() + ", are not understood",
                Librados.rados_conf_read_file(cluster, options.conf()));
        Settings.apply(cluster);
        if (options.shared()) {
            // Whoever stands by has no lock, and does not get one because it asks how much space is taken.
            check(
                    "librados locks images by itself",
                    Librados.rados_conf_set(cluster, "rbd_auto_exclusive_lock_until_manual_request", "false"));
        }
        if (options.keyring() != null) {
            check("librados takes no keyring", Librados.rados_conf_set(cluster, "keyring", options.keyring()));
        }
    }

    private static void connect(long cluster, ImageOptions options) throws BackstoreException {
        int error = -Librados.rados_connect(cluster);
        if (Errors.isSilence(error)) {
            throw Errors.notReady("the cluster of " + options.conf() + " does not answer", error);
        }
        if (Errors.isRefused(error) || error == Errors.ENOENT) {
            throw Errors.notReady("the cluster refuses the user " + options.user() + ", look at its keyring", error);
        }
        check("the cluster of " + options.conf() + " cannot be reached", -error);
    }

    private static long pool(long cluster, ImageOptions options) throws BackstoreException {
        long[] pool = new long[1];
        check(
                "the pool " + options.pool() + " cannot be used",
                Librados.rados_ioctx_create(cluster, options.pool(), pool));
        if (!options.namespace().isEmpty()) {
            Librados.rados_ioctx_set_namespace(pool[0], options.namespace());
        }
        return pool[0];
    }

    private static void check(String what, int result) throws BackstoreException {
        if (result < 0) {
            throw Errors.notReady(what, -result);
        }
    }

    @Override
    public void close() {
        Librados.rados_ioctx_destroy(pool);
        Librados.rados_shutdown(cluster);
    }
}
