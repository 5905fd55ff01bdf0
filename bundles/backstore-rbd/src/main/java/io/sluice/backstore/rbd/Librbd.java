package io.sluice.backstore.rbd;

import com.sun.jna.Callback;

/**
 * The calls to an image, as librbd has them since Ceph 14: pointers and {@code size_t} are numbers, and a negative result is an
 * error number. A call with {@code aio} in its name returns at once and ends with its completion.
 */
final class Librbd {

    private Librbd() {}

    /** Hears of a part of an image that takes space; ends the walk with a negative number. */
    interface Extent extends Callback {

        int found(long offset, long length, int exists, long argument);
    }

    static native int rbd_open(long context, String image, long[] opened, String snapshot);

    static native int rbd_open_read_only(long context, String image, long[] opened, String snapshot);

    static native int rbd_close(long image);

    static native int rbd_create4(long context, String image, long size, long options);

    static native int rbd_remove(long context, String image);

    static native void rbd_image_options_create(long[] options);

    static native void rbd_image_options_destroy(long options);

    static native int rbd_image_options_set_uint64(long options, int option, long value);

    static native int rbd_image_options_set_string(long options, int option, String value);

    static native int rbd_get_id(long image, byte[] id, long length);

    static native int rbd_get_size(long image, long[] size);

    static native int rbd_get_features(long image, long[] features);

    static native int rbd_get_flags(long image, long[] flags);

    static native int rbd_resize(long image, long size);

    static native int rbd_stat(long image, byte[] information, long length);

    static native int rbd_metadata_get(long image, String key, byte[] value, long[] length);

    static native int rbd_pool_metadata_get(long context, String key, byte[] value, long[] length);

    static native int rbd_is_exclusive_lock_owner(long image, int[] owner);

    static native int rbd_lock_acquire(long image, int mode);

    static native int rbd_lock_release(long image);

    static native int rbd_lock_get_owners(long image, int[] mode, long[] owners, long[] count);

    static native void rbd_lock_get_owners_cleanup(long[] owners, long count);

    static native int rbd_lock_break(long image, int mode, String owner);

    static native int rbd_watchers_list(long image, long watchers, long[] count);

    static native void rbd_watchers_list_cleanup(long watchers, long count);

    static native int rbd_update_watch(long image, long[] handle, long callback, long argument);

    static native int rbd_update_unwatch(long image, long handle);

    static native int rbd_diff_iterate2(
            long image,
            String from,
            long offset,
            long length,
            byte withParent,
            byte wholeObjects,
            Extent callback,
            long argument);

    static native int rbd_set_image_notification(long image, int descriptor, int type);

    static native int rbd_poll_io_events(long image, long[] completions, int count);

    static native int rbd_aio_create_completion(long argument, long callback, long completion);

    static native long rbd_aio_get_arg(long completion);

    static native long rbd_aio_get_return_value(long completion);

    static native void rbd_aio_release(long completion);

    static native int rbd_aio_read(long image, long offset, long length, long buffer, long completion);

    static native int rbd_aio_write(long image, long offset, long length, long buffer, long completion);

    static native int rbd_aio_writev(long image, long vector, int count, long offset, long completion);

    static native int rbd_aio_flush(long image, long completion);
}
