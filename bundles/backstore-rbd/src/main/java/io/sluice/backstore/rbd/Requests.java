package io.sluice.backstore.rbd;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The operations that librbd has, by number: it is given numbers and no addresses of this process. A number is used again when
 * its operation is over. Thread-safe, without a lock.
 */
final class Requests {

    static final int NONE = -1;

    /** More than a volume ever has under way; a number fits the lower half of a long. */
    static final int CAPACITY = 1 << 15;

    private static final int HALF = 32;

    private final AtomicReferenceArray<Request> requests = new AtomicReferenceArray<>(CAPACITY);
    private final AtomicIntegerArray behind = new AtomicIntegerArray(CAPACITY);

    /** The first free number, and above it a count of changes, so that a number that went and came back is noticed. */
    private final AtomicLong free = new AtomicLong();

    Requests() {
        for (int i = 0; i < CAPACITY; i++) {
            behind.set(i, i + 1 < CAPACITY ? i + 1 : NONE);
        }
    }

    /** Returns the number of a request from now on, or {@link #NONE} if there are as many as there may be. */
    int add(Request request) {
        while (true) {
            long seen = free.get();
            int number = (int) seen;
            if (number == NONE) {
                return NONE;
            }
            if (free.compareAndSet(seen, next(seen, behind.get(number)))) {
                requests.set(number, request);
                return number;
            }
        }
    }

    /** Returns the request with a number, which is free afterwards; null if there is none. */
    Request remove(int number) {
        Request request = number < 0 || number >= CAPACITY ? null : requests.getAndSet(number, null);
        if (request == null) {
            return null;
        }
        long seen;
        do {
            seen = free.get();
            behind.set(number, (int) seen);
        } while (!free.compareAndSet(seen, next(seen, number)));
        return request;
    }

    private static long next(long seen, int number) {
        return ((seen >>> HALF) + 1) << HALF | Integer.toUnsignedLong(number);
    }
}
