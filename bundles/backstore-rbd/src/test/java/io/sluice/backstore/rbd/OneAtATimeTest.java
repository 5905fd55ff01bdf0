package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.BackstoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** A cluster that does not answer holds up who asks it, and nobody else. */
public class OneAtATimeTest {

    private final OneAtATime work = new OneAtATime();
    private final List<String> done = new ArrayList<>();

    private BackstoreException refusedElsewhere() throws Exception {
        return CompletableFuture.supplyAsync(() -> assertThrows(
                        BackstoreException.class, () -> work.run("it is under way", () -> done.add("twice"))))
                .get(30, TimeUnit.SECONDS);
    }

    @Test
    public void whatIsUnderWayIsNotBegunAgain() throws Exception {
        List<BackstoreException> refused = new ArrayList<>();
        work.run("not under way", () -> {
            try {
                refused.add(refusedElsewhere());
            } catch (Exception late) {
                throw new AssertionError(late);
            }
        });
        assertEquals("it is under way", refused.get(0).getMessage());
        work.run("not under way", () -> done.add("once"));
        assertEquals(List.of("once"), done);
    }

    @Test
    public void whatHasFailedCanBeTriedAgain() throws Exception {
        assertThrows(
                IllegalStateException.class,
                () -> work.run("not under way", () -> {
                    throw new IllegalStateException("on purpose");
                }));
        CompletableFuture.runAsync(() -> {
                    try {
                        work.run("it is under way", () -> done.add("again"));
                    } catch (BackstoreException refused) {
                        throw new AssertionError(refused);
                    }
                })
                .get(30, TimeUnit.SECONDS);
        assertEquals(List.of("again"), done);
    }
}
