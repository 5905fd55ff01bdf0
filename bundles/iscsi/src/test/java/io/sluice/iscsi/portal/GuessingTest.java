package io.sluice.iscsi.portal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.login.FailedLogins;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Guessing at a secret without waiting for the answers. The first wait is two milliseconds here, not a second. */
public final class GuessingTest {

    private static final String TARGET = TestServer.TARGET;
    private static final String SECRET = "a secret of 20 bytes";
    private static final String NAME = "iqn.2026-11.io.sluice.testkit:guesses";
    private static final Duration UNIT = Duration.ofMillis(2);
    private static final int GUESSES = 100;

    @Rule
    public final TestServer server = new TestServer(TestServer.config(Duration.ofSeconds(6), Duration.ofSeconds(60)))
            .counting(new FailedLogins(System::nanoTime, UNIT));

    @Before
    public void allow() {
        InitiatorConfig host = new InitiatorConfig("host", List.of(), List.of(), new ChapConfig("host", "in"), null);
        TargetConfig target = new TargetConfig(
                new IscsiName(TARGET),
                true,
                AccessState.ACTIVE_OPTIMIZED,
                List.of(),
                List.of(new GrantConfig("host", List.of(), false, false)),
                List.of(),
                List.of(),
                null);
        server.allow(
                new GatewayConfig(
                        List.of(), List.of(), List.of(target), List.of(host), List.of(), SecurityConfig.DEFAULT),
                Map.of("in", SECRET));
    }

    /** Sends a guess and leaves it to the server whether it is looked at. */
    private TestInitiator guess(String name) throws IOException {
        TestInitiator initiator = server.connectFrom("127.0.0.7").name(name);
        ChapLogin login = new ChapLogin(initiator, TARGET);
        login.challenge("5");
        Map<String, String> wrong = login.proof("host", "a wrong secret");
        initiator.send(initiator.loginRequest(0x81).data(TextPairs.encode(wrong)));
        return initiator;
    }

    private long looked() {
        return server.refusals().stream()
                .filter(line -> line.endsWith("has a wrong secret"))
                .count();
    }

    /** Guesses a hundred times, drops each connection as soon as the guess has been looked at, and returns the time. */
    private Duration guessAndDrop(IntFunction<String> names) throws IOException {
        long begun = System.nanoTime();
        for (int i = 1; i <= GUESSES; i++) {
            int guesses = i;
            TestInitiator initiator = guess(names.apply(i));
            TestServer.until(() -> looked() >= guesses);
            initiator.close();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    public void underOneNameEachWaitsForTheOneBefore() throws IOException {
        Duration took = guessAndDrop(i -> NAME);
        int waits = 1 + 2 + 4 * (GUESSES - 6);
        assertTrue("took " + took, took.compareTo(UNIT.multipliedBy(waits)) >= 0);
    }

    @Test
    public void underChangingNamesEachWaitsForTheOneBefore() throws IOException {
        Duration took = guessAndDrop(i -> NAME + i);
        assertTrue("took " + took, took.compareTo(UNIT.multipliedBy(GUESSES - 16)) >= 0);
    }

    @Test
    public void manyAtOnceAreLookedAtOneAfterTheOther() throws IOException {
        long begun = System.nanoTime();
        List<TestInitiator> all = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            all.add(guess(NAME));
        }
        TestServer.until(() -> looked() >= 15);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue("took " + took, took.compareTo(UNIT.multipliedBy(1 + 2 + 4 * 9)) >= 0);
        for (TestInitiator initiator : all) {
            assertEquals(0x0201, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        }
    }

    @Test
    public void goodHostsGetInMeanwhile() throws IOException {
        guessAndDrop(i -> NAME);
        new ChapLogin(server.connectFrom("127.0.0.8").name(NAME), TARGET).login("host", SECRET);
        new ChapLogin(server.connectFrom("127.0.0.7").name("iqn.2026-11.io.sluice.testkit:good"), TARGET)
                .login("host", SECRET);
        new ChapLogin(server.connectFrom("127.0.0.7").name(NAME), TARGET).login("host", SECRET);
        assertEquals(3, server.begun());
    }
}
