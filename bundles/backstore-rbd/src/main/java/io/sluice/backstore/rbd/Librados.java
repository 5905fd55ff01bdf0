package io.sluice.backstore.rbd;

/** The calls to a cluster, as librados has them: pointers are numbers, and a negative result is an error number. */
final class Librados {

    private Librados() {}

    static native int rados_create(long[] cluster, String user);

    static native int rados_conf_read_file(long cluster, String path);

    static native int rados_conf_set(long cluster, String option, String value);

    static native int rados_connect(long cluster);

    static native void rados_shutdown(long cluster);

    static native int rados_ioctx_create(long cluster, String pool, long[] context);

    static native void rados_ioctx_set_namespace(long context, String namespace);

    static native void rados_ioctx_destroy(long context);

    static native int rados_getxattr(long context, String object, String name, long buffer, long length);

    static native int rados_setxattr(long context, String object, String name, long buffer, long length);

    static native int rados_rmxattr(long context, String object, String name);

    static native int rados_getxattrs(long context, String object, long[] walk);

    static native int rados_getxattrs_next(long walk, long[] name, long[] value, long[] length);

    static native void rados_getxattrs_end(long walk);

    static native int rados_notify2(
            long context, String object, long bytes, int length, long millis, long[] answers, long[] answersLength);

    static native void rados_buffer_free(long buffer);

    static native int rados_mon_command(
            long cluster,
            long commands,
            long count,
            long input,
            long inputLength,
            long output,
            long outputLength,
            long status,
            long statusLength);
}
