package io.sluice.backstore.rbd;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The libraries of Ceph and the classes whose methods are their functions. They are bound while somebody uses them, and let go
 * with the last: what is bound keeps its class in memory, and all of the bundle with it. Thread-safe.
 */
final class Libraries {

    /** The names with which every program is linked: a host needs no packages for developers. */
    private static final String LIBRADOS = "librados.so.2";

    private static final String LIBRBD = "librbd.so.1";

    /** Its threads outlive whatever loaded it, so it has to stay for as long as the process. */
    private static final int RTLD_LAZY_NODELETE = 0x1001;

    private static final Map<String, Object> FOR_EVER = Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY_NODELETE);

    private static final List<Class<?>> BOUND = new ArrayList<>();
    private static int users;
    private static boolean zeroes;

    private Libraries() {}

    /**
     * Somebody makes such calls until {@link #leave}.
     *
     * @throws BackstoreException if this host has not the libraries, with one line that says what to install
     */
    static void enter() throws BackstoreException {
        enter(LIBRADOS, LIBRBD);
    }

    /** As {@link #enter()}, by other names; they count for the first user alone. */
    static synchronized void enter(String librados, String librbd) throws BackstoreException {
        if (users == 0) {
            bindAll(librados, librbd);
        }
        users++;
    }

    static synchronized void leave() {
        users--;
        if (users == 0) {
            release();
        }
    }

    /** Returns whether this librbd makes zeros; to be asked between {@link #enter} and {@link #leave}. */
    static synchronized boolean makesZeroes() {
        return zeroes;
    }

    private static void bindAll(String librados, String librbd) throws BackstoreException {
        try {
            bind(Libc.class, NativeLibrary.getProcess());
            bind(Librados.class, NativeLibrary.getInstance(librados, FOR_EVER));
            NativeLibrary images = NativeLibrary.getInstance(librbd, FOR_EVER);
            bind(Librbd.class, images);
            zeroes = has(images, "rbd_aio_write_zeroes");
            if (zeroes) {
                bind(NewerLibrbd.class, images);
            }
        } catch (LinkageError missing) {
            release();
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "this host has no librbd that can be used: install librbd1, of Ceph 14 or newer",
                    missing);
        }
    }

    private static void bind(Class<?> calls, NativeLibrary library) {
        Native.register(calls, library);
        BOUND.add(calls);
    }

    private static boolean has(NativeLibrary library, String function) {
        try {
            return library.getFunction(function) != null;
        } catch (UnsatisfiedLinkError older) {
            return false;
        }
    }

    private static void release() {
        for (Class<?> calls : BOUND) {
            Native.unregister(calls);
            // What JNA keeps of a class for as long as the class is there has the class itself in it.
            Native.getLibraryOptions(calls).values().remove(calls);
        }
        BOUND.clear();
    }

    /** Returns the address of a function of the C library. */
    static long address(String function) {
        Function found = NativeLibrary.getProcess().getFunction(function);
        return Pointer.nativeValue(found);
    }
}
