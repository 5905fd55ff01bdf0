package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreException;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.UnitIdentity;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes images, or takes over those that are there. May wait. Thread-safe. */
final class NewImage {

    private static final int OPTION_FEATURES = 1;
    private static final int OPTION_ORDER = 2;
    private static final int OPTION_DATA_POOL = 10;

    /** Backstores whose images were made here: what was there before is never removed. */
    private final Set<UnitIdentity> made = ConcurrentHashMap.newKeySet();

    /** @return the configuration with the size that the image has */
    BackstoreConfig create(BackstoreConfig config, ImageOptions options) throws BackstoreException, ConfigException {
        made.remove(config.identity());
        try (Connection connection = Connection.open(options)) {
            long size = sizeOf(connection, options);
            if (size >= 0) {
                return takeOver(config, options, size);
            }
            return make(connection, config, options);
        }
    }

    /** Returns the size of an image, or -1 if it is not there. */
    private static long sizeOf(Connection connection, ImageOptions options) throws ConfigException {
        long[] image = new long[1];
        int error = -Librbd.rbd_open_read_only(connection.pool(), options.image(), image, options.snapshot());
        if (error == Errors.ENOENT) {
            return -1;
        }
        if (error > 0) {
            throw new ConfigException("image " + options.spec() + " cannot be opened: " + Errors.text(error));
        }
        long[] size = new long[1];
        try {
            error = -Librbd.rbd_get_size(image[0], size);
        } finally {
            Librbd.rbd_close(image[0]);
        }
        if (error > 0) {
            throw new ConfigException("image " + options.spec() + " does not tell its size: " + Errors.text(error));
        }
        return size[0];
    }

    private static BackstoreConfig takeOver(BackstoreConfig config, ImageOptions options, long size)
            throws ConfigException {
        long usable = size - size % config.blockSize();
        if (config.sizeBytes() != 0 && config.sizeBytes() != usable) {
            throw new ConfigException("image " + options.spec() + " exists and has " + size + " bytes, not "
                    + config.sizeBytes() + ": leave the size out to use it as it is, or name another image");
        }
        if (usable == 0) {
            throw new ConfigException("image " + options.spec() + " has " + size
                    + " bytes, less than one block: make it larger, or name another image");
        }
        return config.withSizeBytes(usable);
    }

    private BackstoreConfig make(Connection connection, BackstoreConfig config, ImageOptions options)
            throws ConfigException {
        if (options.snapshot() != null || config.readOnly()) {
            throw new ConfigException("there is no " + options.spec() + ", and what cannot be written is not made:"
                    + " name one that is there");
        }
        if (config.sizeBytes() == 0) {
            throw new ConfigException(
                    "there is no image " + options.spec() + ": add --size to make it, such as --size 10G");
        }
        long[] how = new long[1];
        Librbd.rbd_image_options_create(how);
        try {
            describe(how[0], options);
            int error = -Librbd.rbd_create4(connection.pool(), options.image(), config.sizeBytes(), how[0]);
            if (error == Errors.EEXIST) {
                throw new ConfigException("image " + options.spec() + " is being made by somebody else: try again");
            }
            if (error > 0) {
                throw new ConfigException("image " + options.spec() + " cannot be made: " + Errors.text(error)
                        + "; look at its pools and features");
            }
        } finally {
            Librbd.rbd_image_options_destroy(how[0]);
        }
        made.add(config.identity());
        return config;
    }

    private static void describe(long how, ImageOptions options) {
        if (options.features() != 0) {
            Librbd.rbd_image_options_set_uint64(how, OPTION_FEATURES, options.features());
        }
        if (options.objectOrder() != 0) {
            Librbd.rbd_image_options_set_uint64(how, OPTION_ORDER, options.objectOrder());
        }
        if (options.dataPool() != null) {
            Librbd.rbd_image_options_set_string(how, OPTION_DATA_POOL, options.dataPool());
        }
    }

    /** Removes the image of a backstore if it was made here. */
    void undo(BackstoreConfig config, ImageOptions options) throws BackstoreException {
        if (!made.remove(config.identity())) {
            return;
        }
        try (Connection connection = Connection.open(options)) {
            int error = -Librbd.rbd_remove(connection.pool(), options.image());
            if (error > 0 && error != Errors.ENOENT) {
                throw Errors.notReady("image " + options.spec() + " cannot be removed", error);
            }
        }
    }
}
