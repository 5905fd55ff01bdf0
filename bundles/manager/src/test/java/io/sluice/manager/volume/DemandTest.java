package io.sluice.manager.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.manager.Eventually;
import io.sluice.volume.VolumeRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** When who serves a disk is asked for it, and when it is shut out. */
public class DemandTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final VolumeRuntime runtime = new VolumeRuntime();
    private final Turns turns = new Turns();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final long begun = System.nanoTime();
    private volatile long shutOutNanos;
    private volatile boolean given;
    private volatile boolean open = true;
    private volatile long cannotAskNanos;
    private volatile CompletionStage<Void> asking = Backstore.done();
    private volatile boolean givenWhenLooked;
    private volatile boolean hopeless;
    private volatile int takes;

    @After
    public void close() {
        runtime.close();
    }

    private final class Steps implements Demand.Steps {

        @Override
        public CompletionStage<Void> ask(boolean first) {
            if (System.nanoTime() - begun < cannotAskNanos) {
                return SharedStorage.failed("cannot ask");
            }
            if (first) {
                done.add("ask");
            }
            return asking;
        }

        @Override
        public CompletionStage<Void> look() {
            given = given || givenWhenLooked;
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> take(boolean force) {
            takes++;
            if (!open) {
                return SharedStorage.failed("away");
            }
            if (!force) {
                return SharedStorage.failed("somebody has it");
            }
            shutOutNanos = System.nanoTime() - begun;
            done.add("shut out");
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> withdraw() {
            done.add("withdraw");
            return Backstore.done();
        }

        @Override
        public boolean isHopeless(Throwable failure) {
            return hopeless;
        }

        @Override
        public boolean given() {
            return given;
        }

        @Override
        public boolean isOpen() {
            return open;
        }
    }

    private void byInitiator(Duration asked, Duration initiator) {
        SharingPatience patience = new SharingPatience(LONG, SHORT, asked, LONG, initiator);
        join(Demand.ofInitiator(turns, runtime, new Steps(), patience));
    }

    private void byOperator(boolean force) {
        SharingPatience patience = new SharingPatience(LONG, SHORT, LONG, LONG, LONG);
        join(Demand.ofOperator(turns, runtime, new Steps(), patience, force));
    }

    private static void join(Demand demand) {
        demand.begin().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private void expectShutOutNotBefore(Duration least) {
        assertEquals(List.of("ask", "shut out"), done);
        assertTrue(shutOutNanos + " ns", shutOutNanos >= least.toNanos());
    }

    @Test
    public void whoDoesNotHearIsShutOutForAnInitiator() {
        Duration several = SHORT.multipliedBy(5);
        byInitiator(several, LONG);
        expectShutOutNotBefore(several);
        assertTrue(takes + " takes", takes > 2);
    }

    @Test
    public void whoHasBegunToGiveItIsWaitedForLonger() {
        given = true;
        byInitiator(SHORT, LONG);
        expectShutOutNotBefore(SHORT.multipliedBy(3));
    }

    /** It has said so just now. */
    @Test
    public void whetherItHasBegunToGiveItIsLookedAtBeforeItIsShutOut() {
        givenWhenLooked = true;
        byInitiator(SHORT, LONG);
        expectShutOutNotBefore(SHORT.multipliedBy(3));
    }

    /** What hinders that would hinder it from being served here as well. */
    @Test
    public void whoCannotBeAskedIsNotShutOut() {
        cannotAskNanos = Long.MAX_VALUE;
        assertThrows(CompletionException.class, () -> byInitiator(SHORT, SHORT.multipliedBy(6)));
        assertEquals(List.of(), done);
    }

    @Test
    public void whoIsAskedLateHasTimeToHearIt() {
        cannotAskNanos = SHORT.multipliedBy(4).toNanos();
        byInitiator(SHORT, LONG);
        expectShutOutNotBefore(SHORT.multipliedBy(5));
    }

    /** Where that takes long the other one needs long to hear it. */
    @Test
    public void whoIsAskedSlowlyHasLongerToHearIt() {
        asking = new CompletableFuture<Void>().completeOnTimeout(null, SHORT.toMillis(), TimeUnit.MILLISECONDS);
        byInitiator(SHORT, LONG);
        expectShutOutNotBefore(SHORT.multipliedBy(10));
    }

    @Test
    public void storageThatIsAwayIsNotWaitedForForEver() {
        open = false;
        assertThrows(CompletionException.class, () -> byInitiator(SHORT, LONG));
        assertEquals(List.of("ask", "withdraw"), done);
    }

    @Test
    public void nobodyIsAskedIfThereIsNoTimeForIt() {
        byInitiator(Duration.ZERO, LONG);
        assertEquals(List.of("shut out"), done);
    }

    @Test
    public void anInitiatorThatHasGivenUpShutsNobodyOut() throws Exception {
        assertThrows(CompletionException.class, () -> byInitiator(LONG, SHORT));
        Eventually.isEqual(List.of("ask", "withdraw"), () -> List.copyOf(done));
    }

    @Test
    public void whatIsHopelessIsGivenUpAtOnce() {
        hopeless = true;
        assertThrows(CompletionException.class, () -> byInitiator(LONG, LONG));
        assertEquals(List.of("ask", "withdraw"), done);
        assertEquals(1, takes);
    }

    @Test
    public void anOperatorDecidesWhoIsShutOut() {
        assertThrows(CompletionException.class, () -> byOperator(false));
        assertEquals(List.of("ask", "withdraw"), done);
        done.clear();
        byOperator(true);
        assertEquals(List.of("shut out"), done);
    }
}
