package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.Secret;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.Rule;
import org.junit.Test;

/** A change is made of what its caller has seen, or not at all. */
public class ExpectationTest {

    private static final int CALLERS = 16;

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private Void target(IscsiName name) throws ConfigException {
        fixture.gateway.createTarget(name, List.of());
        return null;
    }

    @Test
    public void aChangeOfWhatIsAsExpectedIsMade() throws Exception {
        GatewayConfig seen = fixture.gateway.config();
        assertEquals("made", fixture.gateway.changeIf(seen::equals, () -> {
            target(TARGET);
            return "made";
        }));
        assertEquals(1, fixture.gateway.config().targets().size());
    }

    @Test
    public void aChangeOfWhatIsNotAsExpectedIsRefused() throws Exception {
        GatewayConfig seen = fixture.gateway.config();
        target(TARGET);
        GatewayConfig before = fixture.gateway.config();
        List<Gateway> changes = List.of(
                () -> fixture.gateway.deleteTarget(TARGET, true),
                () -> fixture.gateway.setTargetEnabled(TARGET, false),
                () -> fixture.create("disk"),
                () -> fixture.gateway.applyConfiguration(),
                () -> fixture.gateway
                        .access()
                        .createInitiator(
                                new InitiatorConfig(
                                        "web1",
                                        List.of("iqn.2026-11.a:b"),
                                        List.of(),
                                        new ChapConfig("user", "secret"),
                                        null,
                                        null),
                                Map.of("secret", new Secret("thirteen bytes".getBytes(StandardCharsets.UTF_8)))));
        for (Gateway change : changes) {
            ConfigException refused = assertThrows(
                    ConfigException.class,
                    () -> fixture.gateway.changeIf(seen::equals, () -> {
                        change.make();
                        return null;
                    }));
            assertEquals(ConfigException.Kind.CHANGED, refused.kind());
            assertEquals(before, fixture.gateway.config());
        }
    }

    /** Some change. */
    @FunctionalInterface
    private interface Gateway {
        void make() throws ConfigException;
    }

    @Test
    public void ofManyWhoHaveSeenTheSameOneMakesAChange() throws Exception {
        GatewayConfig seen = fixture.gateway.config();
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            IscsiName name = new IscsiName("iqn.2026-11.io.sluice:t" + i);
            answers.add(callers.submit(() -> {
                go.await();
                try {
                    fixture.gateway.changeIf(seen::equals, () -> target(name));
                    return true;
                } catch (ConfigException refused) {
                    assertEquals(ConfigException.Kind.CHANGED, refused.kind());
                    return false;
                }
            }));
        }
        go.countDown();
        int made = 0;
        for (Future<Boolean> answer : answers) {
            made += answer.get() ? 1 : 0;
        }
        callers.shutdown();
        assertEquals(1, made);
        assertEquals(1, fixture.gateway.config().targets().size());
    }

    @Test
    public void theSecondStepOfAChangeIsNotBoundToWhatTheFirstHasChanged() throws Exception {
        GatewayConfig seen = fixture.gateway.config();
        fixture.gateway.changeIf(seen::equals, () -> {
            fixture.create("disk");
            fixture.gateway.createTarget(TARGET, List.of("disk"));
            return null;
        });
        assertEquals(1, fixture.gateway.config().targets().size());
    }

    @Test
    public void whatWasExpectedIsForgottenWithTheCall() throws Exception {
        assertEquals("nothing", fixture.gateway.changeIf(config -> false, () -> "nothing"));
        target(TARGET);
        assertEquals(1, fixture.gateway.config().targets().size());
    }
}
