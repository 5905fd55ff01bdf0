package io.sluice.backstore.file;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The classes whose methods are functions of the C library. What is bound to them keeps its class in memory, and all of the
 * bundle with it, so an update would leave the old one behind: when the bundle has been stopped and the last file is closed,
 * they are let go, and bound again when it is started again. Thread-safe.
 */
final class BoundCalls {

    private static final Set<Class<?>> CLASSES = new LinkedHashSet<>();
    private static int users;
    private static boolean stopped;
    private static boolean released;

    private BoundCalls() {}

    /**
     * Binds the native methods of a class.
     *
     * @throws LinkageError if the library has not all of them
     */
    static synchronized void bind(Class<?> calls) {
        register(calls);
        CLASSES.add(calls);
    }

    private static void register(Class<?> calls) {
        Native.register(calls, NativeLibrary.getInstance("c"));
    }

    /** Somebody makes such calls until {@link #leave}: they are bound as long. */
    static synchronized void enter() {
        users++;
        bindAgain();
    }

    static synchronized void leave() {
        users--;
        releaseUnused();
    }

    /** The bundle has been started. */
    static synchronized void start() {
        stopped = false;
        bindAgain();
    }

    /** The bundle has been stopped; files may still be closing. */
    static synchronized void stop() {
        stopped = true;
        releaseUnused();
    }

    private static void bindAgain() {
        if (released) {
            CLASSES.forEach(BoundCalls::register);
            released = false;
        }
    }

    private static void releaseUnused() {
        if (stopped && users == 0 && !released) {
            CLASSES.forEach(BoundCalls::release);
            released = true;
        }
    }

    /** What JNA keeps of a class for as long as the class is there has the class itself in it. */
    private static void release(Class<?> calls) {
        Native.unregister(calls);
        Native.getLibraryOptions(calls).values().remove(calls);
    }
}
