package io.sluice.backstore.rbd;

/** What librbd has since Ceph 16. */
final class NewerLibrbd {

    private NewerLibrbd() {}

    static native int rbd_aio_write_zeroes(
            long image, long offset, long length, long completion, int zeroFlags, int operationFlags);
}
