package io.sluice.rest.event;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.management.BackstoreStatus;
import io.sluice.rest.FakeGateway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

/** Who wants to know what changes. */
public class WatcherTest {

    private static final int MOST = 3;
    private static final int LIMIT_SECONDS = 20;

    private final FakeGateway gateway = new FakeGateway();
    private final Watcher watcher =
            new Watcher(gateway.gateway(), MOST, Duration.ofMillis(1), Executors.defaultThreadFactory());

    @After
    public void close() {
        watcher.close();
    }

    /** Writes down what it is told. */
    private static final class Listener implements Watcher.Follower {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

        @Override
        public void begins(long id) {
            told.add("begins after " + id);
        }

        @Override
        public void changed(long firstId, List<Change> changes) {
            long id = firstId;
            for (Change change : changes) {
                told.add(id++ + " " + change.kind().label() + " " + change.path());
            }
        }

        @Override
        public void ends() {
            told.add("ends");
        }

        String next() throws InterruptedException {
            return told.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Returns when the gateway has been looked at once more from the beginning. */
    private void awaitLook() {
        for (int i = 0; i < 2; i++) {
            gateway.methods.clear();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
            while (!gateway.methods.contains("types()")) {
                assertTrue("nobody looks", System.nanoTime() < end);
                Thread.onSpinWait();
            }
        }
    }

    @Test
    public void whatIsMadeChangedAndRemovedIsTold() throws Exception {
        Listener listener = new Listener();
        watcher.follow(listener);
        assertEquals("begins after 0", listener.next());
        gateway.portals = 2;
        assertEquals("1 changed /gateway", listener.next());
        gateway.disk = gateway.disk.withSizeBytes(20L << 30);
        assertEquals("2 changed /backstores/disk1", listener.next());
        gateway.sessions = List.of(FakeGateway.session(4));
        assertEquals("3 removed /sessions/3", listener.next());
        assertEquals("4 made /sessions/4", listener.next());
        gateway.progress = OptionalDouble.of(0.26);
        assertEquals("5 changed /jobs/3", listener.next());
    }

    @Test
    public void countersAreNoChange() throws Exception {
        Listener listener = new Listener();
        watcher.follow(listener);
        assertEquals("begins after 0", listener.next());
        gateway.traffic = new BackstoreStatus.Traffic(6, 7, 8, 9, 10);
        awaitLook();
        gateway.portals = 2;
        assertEquals("1 changed /gateway", listener.next());
    }

    @Test
    public void allAreToldTheSame() throws Exception {
        Listener first = new Listener();
        watcher.follow(first);
        assertEquals("begins after 0", first.next());
        gateway.portals = 2;
        assertEquals("1 changed /gateway", first.next());
        Listener second = new Listener();
        watcher.follow(second);
        assertEquals("begins after 1", second.next());
        gateway.portals = 3;
        assertEquals("2 changed /gateway", first.next());
        assertEquals("2 changed /gateway", second.next());
    }

    /** Who has looked in between has seen something else, and would go on to show it. */
    @Test
    public void whatIsChangedBackBetweenTwoLooksIsTold() throws Exception {
        Listener listener = new Listener();
        watcher.follow(listener);
        assertEquals("begins after 0", listener.next());
        gateway.changeAndChangeBack();
        assertEquals("1 changed /", listener.next());
    }

    @Test
    public void tooMuchAtOnceIsTheWhole() throws Exception {
        Listener listener = new Listener();
        watcher.follow(listener);
        assertEquals("begins after 0", listener.next());
        gateway.sessions = IntStream.range(10, 10 + Watcher.MOST_CHANGES)
                .mapToObj(FakeGateway::session)
                .toList();
        assertEquals("1 changed /", listener.next());
    }

    @Test
    public void nobodyLooksForNobody() throws Exception {
        assertEquals(List.of(), gateway.methods);
        Listener listener = new Listener();
        Runnable leave = watcher.follow(listener).orElseThrow();
        assertEquals("begins after 0", listener.next());
        leave.run();
        gateway.portals = 2;
        // What changes meanwhile is news for nobody, whether it was looked at once more or not.
        Listener later = new Listener();
        watcher.follow(later);
        String first = later.next();
        assertTrue(first, first.startsWith("begins after "));
    }

    @Test
    public void aLookThatFailsEndsAllAndTheNextOneBeginsAnew() throws Exception {
        Listener listener = new Listener();
        Runnable leave = watcher.follow(listener).orElseThrow();
        assertEquals("begins after 0", listener.next());
        gateway.before = () -> {
            throw new IllegalStateException("hush");
        };
        assertEquals("ends", listener.next());
        Listener unlucky = new Listener();
        watcher.follow(unlucky).orElseThrow();
        assertEquals("ends", unlucky.next());
        gateway.before = () -> {};
        leave.run();
        Listener later = new Listener();
        watcher.follow(later);
        assertEquals("begins after 0", later.next());
        gateway.portals = 2;
        assertEquals("1 changed /gateway", later.next());
    }

    @Test
    public void thereIsRoomForSomeAndForOthersWhenTheyHaveLeft() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            Optional<Runnable> leave = watcher.follow(new Listener());
            leave.ifPresent(Runnable::run);
            leave.ifPresent(Runnable::run);
        }
        Listener first = new Listener();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (watcher.follow(first).isEmpty()) {
            assertTrue("those who have left make no room", System.nanoTime() < end);
        }
        assertEquals("begins after 0", first.next());
        for (int i = 1; i < MOST; i++) {
            assertTrue(watcher.follow(new Listener()).isPresent());
        }
        assertFalse(watcher.follow(new Listener()).isPresent());
    }
}
