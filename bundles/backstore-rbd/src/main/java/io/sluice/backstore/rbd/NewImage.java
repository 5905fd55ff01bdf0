package io.sluice.backstore.rbd;

import com.sun.jna.Native;
import io.sluice.backstore.BackstoreException;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.UnitIdentity;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Makes images, or takes over those that are there. May wait. Thread-safe. */
final class NewImage {

    private static final int OPTION_FEATURES = 1;
    private static final int OPTION_ORDER = 2;
    private static final int OPTION_DATA_POOL = 10;

    /** Backstores whose images were made here: what was there before is never removed. */
    private final Set<UnitIdentity> made = ConcurrentHashMap.newKeySet();

    private final Search search;

    NewImage() {
        this(NewImage::find);
    }

    /** @param search how an image is looked for */
    NewImage(Search search) {
        this.search = search;
    }

    /** How an image is looked for. */
    @FunctionalInterface
    interface Search {

        /** Returns an image, or null if it is not there. */
        Found find(Connection connection, ImageOptions options) throws ConfigException;
    }

    /** @return the configuration with the size and the id that the image has */
    BackstoreConfig create(BackstoreConfig config, ImageOptions options) throws BackstoreException, ConfigException {
        made.remove(config.identity());
        try (Connection connection = Connection.open(options)) {
            Found found = search.find(connection, options);
            if (found != null) {
                return takeOver(config, options, found);
            }
            make(connection, config, options);
            Found image = lookAtMade(connection, config, options);
            if (image == null) {
                throw new ConfigException("image " + options.spec() + " was made, and is gone: try again");
            }
            return with(config, image);
        }
    }

    /** What cannot be looked at is no disk, and whoever makes it again shall not find it there. */
    private Found lookAtMade(Connection connection, BackstoreConfig config, ImageOptions options)
            throws ConfigException {
        try {
            return search.find(connection, options);
        } catch (ConfigException | RuntimeException failed) {
            made.remove(config.identity());
            int error = remove(connection, options);
            if (error > 0) {
                throw new ConfigException(
                        Objects.requireNonNullElse(failed.getMessage(), failed.toString())
                                + "; it was made just now and cannot be removed: " + Errors.text(error)
                                + "; use rbd rm " + options.spec(),
                        failed);
            }
            throw failed;
        }
    }

    /** Returns why it is still there, or 0. */
    private static int remove(Connection connection, ImageOptions options) {
        int error = -Librbd.rbd_remove(connection.pool(), options.image());
        return error == Errors.ENOENT ? 0 : error;
    }

    /** An image that is there; one of the first format has an empty id. */
    record Found(long size, String id) {}

    private static BackstoreConfig with(BackstoreConfig config, Found image) {
        return image.id().isEmpty() ? config : config.withOption(ImageOptions.IMAGE_ID, image.id());
    }

    /** As {@link Search#find}, in the cluster. */
    static Found find(Connection connection, ImageOptions options) throws ConfigException {
        long[] image = new long[1];
        int error = -Librbd.rbd_open_read_only(connection.pool(), options.image(), image, options.snapshot());
        if (error == Errors.ENOENT) {
            return null;
        }
        if (error > 0) {
            throw new ConfigException("image " + options.spec() + " cannot be opened: " + Errors.text(error));
        }
        try {
            long[] size = new long[1];
            require(options, "its size", Librbd.rbd_get_size(image[0], size));
            byte[] id = new byte[Image.ID_BYTES];
            int result = Librbd.rbd_get_id(image[0], id, id.length);
            require(options, "its id", result == -Errors.EINVAL ? 0 : result);
            return new Found(size[0], Native.toString(id));
        } finally {
            Librbd.rbd_close(image[0]);
        }
    }

    private static void require(ImageOptions options, String what, int result) throws ConfigException {
        if (result < 0) {
            throw new ConfigException(
                    "image " + options.spec() + " does not tell " + what + ": " + Errors.text(-result));
        }
    }

    private static BackstoreConfig takeOver(BackstoreConfig config, ImageOptions options, Found image)
            throws ConfigException {
        if (options.id() != null && !options.id().equals(image.id())) {
            throw new ConfigException("image " + options.spec() + " has the id " + image.id() + ", not " + options.id()
                    + ": leave imageId out to use it, or name the image that it was");
        }
        long size = image.size();
        long usable = size - size % config.blockSize();
        if (config.sizeBytes() != 0 && config.sizeBytes() != usable) {
            throw new ConfigException("image " + options.spec() + " exists and has " + size + " bytes, not "
                    + config.sizeBytes() + ": leave the size out to use it as it is, or name another image");
        }
        if (usable == 0) {
            throw new ConfigException("image " + options.spec() + " has " + size
                    + " bytes, less than one block: make it larger, or name another image");
        }
        return with(config.withSizeBytes(usable), image);
    }

    private void make(Connection connection, BackstoreConfig config, ImageOptions options) throws ConfigException {
        if (options.snapshot() != null || config.readOnly()) {
            throw new ConfigException("there is no " + options.spec() + ", and what cannot be written is not made:"
                    + " name one that is there");
        }
        if (options.id() != null) {
            throw new ConfigException("there is no image " + options.spec() + " with the id " + options.id()
                    + ": leave imageId out to make another one");
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
            int error = remove(connection, options);
            if (error > 0) {
                throw Errors.notReady("image " + options.spec() + " cannot be removed", error);
            }
        }
    }
}
