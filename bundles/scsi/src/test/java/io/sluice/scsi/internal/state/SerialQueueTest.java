package io.sluice.scsi.internal.state;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class SerialQueueTest {

    private final SerialQueue queue = new SerialQueue();

    @Test
    public void oneAfterTheOther() {
        List<String> trace = new ArrayList<>();
        CompletableFuture<Void> first = new CompletableFuture<>();
        queue.add(() -> {
            trace.add("first");
            return first;
        });
        CompletableFuture<Integer> second = queue.add(() -> {
                    trace.add("second");
                    return CompletableFuture.completedFuture(2);
                })
                .toCompletableFuture();
        assertEquals(List.of("first"), trace);
        first.complete(null);
        assertEquals(List.of("first", "second"), trace);
        assertEquals(2, (int) second.join());
    }

    @Test
    public void whatFailsHoldsNobodyUp() {
        CompletableFuture<Void> thrown = queue.<Void>add(() -> {
                    throw new IllegalStateException("on purpose");
                })
                .toCompletableFuture();
        CompletableFuture<Void> none = queue.<Void>add(() -> null).toCompletableFuture();
        assertThrows(CompletionException.class, thrown::join);
        assertThrows(CompletionException.class, none::join);
        assertTrue(queue.add(() -> CompletableFuture.completedFuture(1))
                .toCompletableFuture()
                .isDone());
    }

    @Test
    public void muchThatIsDoneAtOnceTakesNoStack() throws Exception {
        AtomicInteger done = new AtomicInteger();
        CompletableFuture<Void> first = new CompletableFuture<>();
        queue.add(() -> first);
        for (int i = 0; i < 100_000; i++) {
            queue.add(() -> CompletableFuture.completedFuture(done.incrementAndGet()));
        }
        Thread small = new Thread(null, () -> first.complete(null), "small stack", 256 << 10);
        small.start();
        small.join();
        assertEquals(100_000, done.get());
    }
}
