package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import io.sluice.backstore.BackstoreProvider;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Offers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** Who is used of several bundles for one type. */
public class QuestionsTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Drains drains = new Drains();
    private final Offers<BackstoreProvider> offers = new Offers<>("backstores");
    private final FakeProvider first = new FakeProvider();
    private final FakeProvider second = new FakeProvider();

    /** When the first one answers. */
    private final CompletableFuture<Void> answer = new CompletableFuture<>();

    @After
    public void end() {
        answer.complete(null);
        drains.close();
    }

    private CompletionStage<Void> askTheFirst(Questions questions) {
        return questions.ask(offers, first, () -> {
            answer.join();
            return Offer.of(first);
        });
    }

    private static void await(CompletionStage<Void> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void isUsed(FakeProvider expected) {
        assertSame(expected, offers.find("fake").provider());
        assertEquals(1, offers.all().size());
    }

    @Test
    public void whoHasComeFirstIsUsedWhoeverAnswersFirst() throws Exception {
        Questions questions = new Questions(drains, LONG, LONG, () -> {});
        CompletableFuture<Void> asked = new CompletableFuture<>();
        CompletionStage<Void> slow = askTheFirst(questions);
        CompletionStage<Void> quick = questions.ask(offers, second, () -> {
            asked.complete(null);
            return Offer.of(second);
        });
        asked.get(20, TimeUnit.SECONDS);
        answer.complete(null);
        await(slow);
        await(quick);
        isUsed(first);
        offers.remove(first);
        isUsed(second);
    }

    @Test
    public void whoDoesNotAnswerHoldsNobodyUpForLong() throws Exception {
        Questions questions = new Questions(drains, Duration.ofMillis(20), LONG, () -> {});
        CompletionStage<Void> slow = askTheFirst(questions);
        await(questions.ask(offers, second, () -> Offer.of(second)));
        isUsed(second);
        answer.complete(null);
        await(slow);
        isUsed(second);
    }

    @Test
    public void aBundleThatCannotSayWhatItIsHoldsNobodyUp() throws Exception {
        Questions questions = new Questions(drains, LONG, LONG, () -> {});
        await(questions.ask(offers, first, () -> {
            throw new IllegalStateException();
        }));
        await(questions.ask(offers, second, () -> Offer.of(second)));
        isUsed(second);
    }
}
