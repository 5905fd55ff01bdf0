package io.sluice.backstore.rbd;

/** What librbd tells this process something by. */
final class Libc {

    private Libc() {}

    static native int eventfd(int value, int flags);

    static native int poll(long descriptors, long count, int milliseconds);

    static native long read(int descriptor, long buffer, long length);

    static native long write(int descriptor, long buffer, long length);

    static native int close(int descriptor);

    static native int sem_init(long semaphore, int shared, int value);

    static native int sem_wait(long semaphore);

    static native int sem_trywait(long semaphore);

    static native int sem_post(long semaphore);

    static native String strerror(int error);
}
