package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Test;

/** A number belongs to one request at a time, whoever asks for it. */
public class RequestsTest {

    private static final int THREADS = 4;
    private static final int TURNS = 50_000;
    private static final int HELD = 8;

    private final Requests requests = new Requests();

    @Test
    public void thereAreAsManyAsThereMayBe() {
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < Requests.CAPACITY; i++) {
            assertTrue(numbers.add(requests.add(Request.flush())));
        }
        assertEquals(Requests.NONE, requests.add(Request.flush()));
        Request last = requests.remove(77);
        assertEquals("a number that is free is used again", 77, requests.add(last));
        assertEquals(Requests.NONE, requests.add(last));
    }

    @Test
    public void whatNobodyHasAskedForIsNothing() {
        int number = requests.add(Request.flush());
        assertNull(requests.remove(-1));
        assertNull(requests.remove(Requests.CAPACITY));
        assertNull(requests.remove(number + 1));
        requests.remove(number);
        assertNull("twice", requests.remove(number));
    }

    @Test
    public void manyThreadsGetWhatTheyPut() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                ends.add(threads.submit(this::addAndRemove));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
        thereAreAsManyAsThereMayBe();
    }

    private void addAndRemove() {
        Request[] held = new Request[HELD];
        int[] numbers = new int[HELD];
        for (int turn = 0; turn < TURNS; turn++) {
            int place = turn % HELD;
            if (held[place] != null) {
                assertSame(held[place], requests.remove(numbers[place]));
            }
            held[place] = Request.flush();
            numbers[place] = requests.add(held[place]);
        }
        for (int place = 0; place < HELD; place++) {
            assertSame(held[place], requests.remove(numbers[place]));
        }
    }
}
