package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.ProblemSource;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

/** What others report, well and badly. */
public class ReportedProblemsTest {

    private final ReportedProblems problems = new ReportedProblems(List.of("always"));

    @Test
    public void troublesComeAndGo() throws Exception {
        ProblemSource source = () -> List.of("one", "two");
        problems.add(source);
        Eventually.isEqual(List.of("always", "one", "two"), problems::all);
        problems.remove(source);
        assertEquals(List.of("always"), problems.all());
    }

    @Test
    public void oneWhoHasABugIsATroubleHimself() throws Exception {
        problems.add(() -> {
            throw new IllegalStateException("hush");
        });
        problems.add(() -> null);
        problems.add(() -> Collections.singletonList(null));
        problems.add(() -> List.of("other"));
        Eventually.isEqual(5, () -> problems.all().size());
        List<String> all = problems.all();
        assertTrue(
                all.get(1),
                all.get(1).contains("does not say whether it is well")
                        && !all.get(1).contains("hush"));
        assertEquals("other", all.get(4));
    }

    @Test
    public void nothingThatIsSaidBreaksALine() throws Exception {
        problems.add(() -> List.of("a\nb\u001b", "x".repeat(10_000)));
        problems.add(() -> Collections.nCopies(1_000_000, "many"));
        Eventually.isEqual(19, () -> problems.all().size());
        List<String> all = problems.all();
        assertEquals("a?b?", all.get(1));
        assertEquals(513, all.get(2).length());
    }

    @Test
    public void oneWhoDoesNotAnswerIsAskedByOneThreadAndHoldsNobodyUp() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        problems.add(() -> {
            if (asked.incrementAndGet() > 1) {
                try {
                    go.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return List.of("new");
            }
            return List.of("old");
        });
        problems.add(() -> List.of("other"));
        Eventually.isEqual(List.of("always", "old", "other"), problems::all);
        for (int i = 0; i < 5; i++) {
            assertEquals(List.of("always", "old", "other"), problems.all());
        }
        Eventually.isEqual(2, asked::get);
        go.countDown();
        Eventually.isEqual(List.of("always", "new", "other"), problems::all);
    }
}
