package io.sluice.backstore.rbd;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.sluice.backstore.BackstoreException;

/** Who watches an image: whoever has it open and was heard of by the cluster a short while ago. May wait. */
final class Watchers {

    private static final int FIRST_COUNT = 16;

    /** The address as text, a number and a cookie. */
    private static final int WATCHER_BYTES = 3 * Long.BYTES;

    private Watchers() {}

    /**
     * Returns whether one of them has an address.
     *
     * @param image its address in librbd
     * @param address of a connection, as the cluster writes it
     * @param spec the image for messages
     * @throws BackstoreException if the cluster does not tell
     */
    static boolean has(long image, String address, String spec) throws BackstoreException {
        long[] count = {FIRST_COUNT};
        int error = Errors.ERANGE;
        while (error == Errors.ERANGE) {
            long room = count[0];
            try (Memory watchers = new Memory(room * WATCHER_BYTES)) {
                long list = Pointer.nativeValue(watchers);
                error = -Librbd.rbd_watchers_list(image, list, count);
                if (error <= 0) {
                    boolean found = find(watchers, count[0], address);
                    Librbd.rbd_watchers_list_cleanup(list, count[0]);
                    return found;
                }
            }
            count[0] = Math.max(count[0], room + 1);
        }
        throw new FailedCall("image " + spec + " does not tell who has it open", error);
    }

    private static boolean find(Memory watchers, long count, String address) {
        for (long i = 0; i < count; i++) {
            if (watchers.getPointer(i * WATCHER_BYTES).getString(0).equals(address)) {
                return true;
            }
        }
        return false;
    }
}
