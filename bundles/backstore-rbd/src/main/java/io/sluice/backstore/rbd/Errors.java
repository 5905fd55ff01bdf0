package io.sluice.backstore.rbd;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;

/** What the error numbers of Ceph mean here. */
final class Errors {

    static final int ENOENT = 2;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int EROFS = 30;
    static final int ERANGE = 34;
    static final int ENODATA = 61;
    static final int ETIMEDOUT = 110;

    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int ENOSPC = 28;
    private static final int ENOTCONN = 107;
    private static final int ESHUTDOWN = 108;
    private static final int EDQUOT = 122;

    private Errors() {}

    /**
     * Returns whether an operation has failed because somebody else has the image now: the cluster takes nothing from this client
     * any more (it is blocklisted), or the lock is not ours.
     */
    static boolean isFenced(int error) {
        return error == ESHUTDOWN || error == EROFS;
    }

    static boolean isRefused(int error) {
        return error == EPERM || error == EACCES;
    }

    static boolean isSilence(int error) {
        return error == ETIMEDOUT;
    }

    /** Returns what an operation has failed with that was refused with an error number. */
    static Fault fault(boolean reading, int error) {
        return switch (error) {
            case ENOSPC, EDQUOT -> Fault.OUT_OF_SPACE;
            case ESHUTDOWN, EROFS, ENOTCONN, ENOENT -> Fault.NOT_READY;
            case ETIMEDOUT -> Fault.TIMED_OUT;
            default -> reading ? Fault.READ_FAILED : Fault.WRITE_FAILED;
        };
    }

    static String text(int error) {
        return Libc.strerror(error) + " (" + error + ")";
    }

    /** Returns the failure of something that is needed to open an image. */
    static BackstoreException notReady(String what, int error) {
        return new BackstoreException(Fault.NOT_READY, what + ": " + text(error));
    }
}
