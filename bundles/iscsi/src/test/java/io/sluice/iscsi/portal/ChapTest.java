package io.sluice.iscsi.portal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.LoginResult;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Who gets in, over a real connection (RFC 7143 6.3.2, 12.1.3). */
public final class ChapTest {

    private static final String TARGET = TestServer.TARGET;
    private static final String HIDDEN = "iqn.2026-11.io.sluice:hidden";
    private static final String ABSENT = "iqn.2026-11.io.sluice:absent";
    private static final String SECRET = "a secret of 20 bytes";
    private static final String MUTUAL = "and one of the target";
    private static final String OTHER = "one of another host";
    private static final Map<String, String> SECRETS = Map.of("in", SECRET, "out", MUTUAL, "other", OTHER);

    @Rule
    public final TestServer server = new TestServer(TestServer.config(Duration.ofSeconds(6), Duration.ofSeconds(60)));

    @Before
    public void allow() {
        server.addTarget(TestServer.newTarget(HIDDEN));
        allow(null, SecurityConfig.DEFAULT);
    }

    private void allow(RedirectConfig redirect, SecurityConfig security) {
        InitiatorConfig esx1 = new InitiatorConfig(
                "esx1", List.of(), List.of(), new ChapConfig("esx1", "in"), new ChapConfig("disk", "out"));
        InitiatorConfig esx2 = new InitiatorConfig("esx2", List.of(), List.of(), new ChapConfig("esx2", "other"), null);
        server.allow(
                new GatewayConfig(
                        List.of(),
                        List.of(),
                        List.of(target(TARGET, "esx1", redirect), target(HIDDEN, "esx2", null)),
                        List.of(esx1, esx2),
                        List.of(),
                        security),
                SECRETS);
    }

    private static TargetConfig target(String name, String host, RedirectConfig redirect) {
        GrantConfig grant = new GrantConfig(host, List.of(), false, false);
        return new TargetConfig(
                new IscsiName(name),
                true,
                AccessState.ACTIVE_OPTIMIZED,
                List.of(),
                List.of(grant),
                List.of(),
                List.of(),
                redirect);
    }

    private ChapLogin begin(String target) throws IOException {
        return new ChapLogin(server.connect(), target);
    }

    @Test
    public void everyAlgorithmLetsInAndTheDiskIsThere() throws IOException {
        for (ChapAlgorithm algorithm : ChapAlgorithm.values()) {
            ChapLogin login = begin(TARGET);
            assertEquals(0, login.authenticate(algorithm, "esx1", SECRET).status());
            TestServer.ready(login.finish());
        }
    }

    @Test
    public void theTargetProvesItself() throws IOException {
        ChapLogin login = begin(TARGET);
        login.challenge("7");
        Map<String, String> keys = login.proof("esx1", SECRET);
        keys.put("CHAP_I", "9");
        keys.put("CHAP_C", "0x00112233445566778899aabbccddeeff");
        LoginResult result = login.prove(keys);
        assertEquals(0, result.status());
        assertEquals("disk", result.keys().get("CHAP_N"));
        assertEquals(
                ChapLogin.response("7", "9", keys.get("CHAP_C"), MUTUAL),
                result.keys().get("CHAP_R"));
        TestServer.ready(login.finish());
    }

    /** What is absent, hidden, unknown or wrong is answered the same, step by step. */
    @Test
    public void nothingIsLearnedByTrying() throws IOException {
        List<String> answers = new ArrayList<>();
        String[][] attempts = {
            {TARGET, "esx1", "a wrong secret"},
            {TARGET, "nobody", SECRET},
            {TARGET, "esx2", OTHER},
            {HIDDEN, "esx1", SECRET},
            {ABSENT, "esx1", SECRET},
            {ABSENT, "nobody", SECRET},
        };
        for (int i = 0; i < attempts.length; i++) {
            String[] attempt = attempts[i];
            TestInitiator initiator =
                    server.connectFrom("127.0.0." + (10 + i)).name("iqn.2026-11.io.sluice.testkit:" + i);
            ChapLogin login = new ChapLogin(initiator, attempt[0]);
            String answer = login.offer("None,CHAP").toString();
            LoginResult challenged = login.step(0, Map.of("CHAP_A", "5"));
            answer += challenged.status() + " " + challenged.keys().keySet();
            String identifier = challenged.keys().get("CHAP_I");
            String response =
                    ChapLogin.response("5", identifier, challenged.keys().get("CHAP_C"), attempt[2]);
            LoginResult refused = login.prove(Map.of("CHAP_N", attempt[1], "CHAP_R", response));
            assertEquals(0x0201, refused.status());
            initiator.expectClosed();
            answers.add(answer + refused);
        }
        assertEquals(answers.toString(), 1, answers.stream().distinct().count());
        assertEquals(0, server.begun());
        List<String> reasons = server.refusals();
        assertTrue(reasons.toString(), reasons.get(0).endsWith("CHAP user 'esx1' has a wrong secret"));
        assertTrue(
                reasons.toString(),
                reasons.get(1)
                        .endsWith(
                                "it has to prove who it is by CHAP, and CHAP user 'nobody' is not one that may get in"));
        for (String secret : SECRETS.values()) {
            assertFalse(reasons.toString(), reasons.toString().contains(secret));
        }
    }

    @Test
    public void withoutProofEverythingIsRefusedAtOnce() throws IOException {
        for (String target : new String[] {TARGET, HIDDEN, ABSENT}) {
            assertEquals(
                    0x0201,
                    server.connect()
                            .tryLogin(server.connect().names("Normal", target))
                            .status());
            assertEquals(0x0201, begin(target).offer("None").status());
            assertEquals(
                    0x0201,
                    begin(target)
                            .step(0x81, server.connect().names("Normal", target))
                            .status());
            assertEquals(
                    0x0201,
                    begin(target)
                            .step(0x83, server.connect().names("Normal", target))
                            .status());
        }
        assertEquals(0, server.begun());
    }

    @Test
    public void nobodyJumpsOverTheProof() throws IOException {
        for (int flags : new int[] {0x81, 0x83}) {
            ChapLogin login = begin(TARGET);
            Map<String, String> names = new LinkedHashMap<>(server.connect().names("Normal", TARGET));
            names.put("AuthMethod", "CHAP");
            TestInitiator initiator = server.connect();
            initiator.send(initiator.loginRequest(flags).data(TextPairs.encode(names)));
            RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
            assertEquals(0, response.int16(36));
            assertEquals("the stage stays", 0, response.int8(1));
            initiator.send(initiator.loginRequest(0x87));
            assertEquals(0x0200, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
            login.challenge("5");
            assertEquals(0x0201, login.step(flags, Map.of()).status());
        }
        assertEquals(0, server.begun());
    }

    @Test
    public void fromTheProofStraightToTheEnd() throws IOException {
        ChapLogin login = begin(TARGET);
        login.challenge("5");
        LoginResult result = login.step(0x83, login.proof("esx1", SECRET));
        assertEquals(0, result.status());
        assertTrue(result.tsih() > 0);
        assertEquals(1, server.begun());
    }

    @Test
    public void theProofAndThenTheStage() throws IOException {
        ChapLogin login = begin(TARGET);
        login.challenge("5");
        Map<String, String> proof = login.proof("esx1", SECRET);
        assertEquals(0, login.step(0, proof).status());
        assertEquals(0, login.step(0x81, Map.of()).status());
        TestServer.ready(login.finish());
    }

    @Test
    public void theProofTwice() throws IOException {
        ChapLogin login = begin(TARGET);
        login.challenge("5");
        Map<String, String> proof = login.proof("esx1", SECRET);
        assertEquals(0, login.step(0, proof).status());
        assertEquals(0x0200, login.step(0, proof).status());
    }

    @Test
    public void emptyRequestsOfTheSecurityStageEndIt() throws IOException {
        ChapLogin login = begin(TARGET);
        assertEquals(0, login.offer("CHAP").status());
        assertEquals(0x0200, login.step(0, Map.of()).status());
    }

    @Test
    public void ourChallengeIsNotAnsweredByUs() throws IOException {
        ChapLogin first = begin(TARGET);
        first.challenge("5");
        ChapLogin second = begin(TARGET);
        second.challenge("5");
        Map<String, String> keys = second.proof("esx1", SECRET);
        keys.put("CHAP_I", "1");
        keys.put("CHAP_C", first.challenge());
        assertEquals(0x0201, second.prove(keys).status());
        String reason = server.refusals().get(0);
        assertTrue(reason, reason.contains("came back"));
        assertEquals(0, first.prove(first.proof("esx1", SECRET)).status());
    }

    @Test
    public void discoveryWithProof() throws IOException {
        TestInitiator free = server.connect().loginDiscovery();
        assertEquals("", free.text(Map.of("SendTargets", ABSENT)));
        allow(null, new SecurityConfig(List.of(ChapAlgorithm.SHA256), true));
        TestInitiator unproven = server.connect();
        assertEquals(
                0x0201, unproven.tryLogin(unproven.names("Discovery", null)).status());
        assertEquals(0x0201, begin(null).offer("None").status());
        assertEquals(0x0201, begin(null).challenge("5").status());
        ChapLogin login = begin(null);
        assertEquals(0, login.authenticate(ChapAlgorithm.SHA256, "esx1", SECRET).status());
        login.finish().logout();
    }

    @Test
    public void sentElsewhereAfterTheProof() throws IOException {
        for (boolean permanent : new boolean[] {true, false}) {
            allow(new RedirectConfig("192.0.2.7:3261", permanent), SecurityConfig.DEFAULT);
            int status = permanent ? 0x0102 : 0x0101;
            ChapLogin login = begin(TARGET);
            login.challenge("5");
            LoginResult moved = login.prove(login.proof("esx1", SECRET));
            assertEquals(status, moved.status());
            assertEquals(Map.of("TargetAddress", "192.0.2.7:3261"), moved.keys());
            ChapLogin stranger = begin(TARGET);
            stranger.challenge("5");
            assertEquals(
                    0x0201,
                    stranger.prove(stranger.proof("esx1", "a wrong secret")).status());
            assertEquals(0x0201, begin(TARGET).offer("None").status());
        }
    }

    @Test
    public void whoGuessesWaitsAndOthersDoNot() throws IOException {
        long soonest = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            soonest = Math.min(soonest, guess("127.0.0.7"));
        }
        long waited = guess("127.0.0.7");
        assertTrue("waited " + waited, waited >= Duration.ofMillis(950).toNanos());
        assertTrue(
                "the first are answered at once",
                soonest < Duration.ofMillis(900).toNanos());
        TestInitiator slow = server.connectFrom("127.0.0.7").name("iqn.2026-11.io.sluice.testkit:guesses");
        ChapLogin guessing = new ChapLogin(slow, TARGET);
        guessing.challenge("5");
        Map<String, String> wrong = guessing.proof("esx1", "a wrong secret");
        slow.send(slow.loginRequest(0x81).data(TextPairs.encode(wrong)));
        long good = System.nanoTime();
        begin(TARGET).login("esx1", SECRET);
        assertTrue(System.nanoTime() - good < Duration.ofMillis(1900).toNanos());
        assertEquals(0x0201, slow.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        slow.expectClosed();
    }

    /** Returns how long the answer to the proof took, in nanoseconds. */
    private long guess(String host) throws IOException {
        TestInitiator initiator = server.connectFrom(host).name("iqn.2026-11.io.sluice.testkit:guesses");
        ChapLogin login = new ChapLogin(initiator, TARGET);
        login.challenge("5");
        Map<String, String> wrong = login.proof("esx1", "a wrong secret");
        long begun = System.nanoTime();
        assertEquals(0x0201, login.prove(wrong).status());
        return System.nanoTime() - begun;
    }

    @Test
    public void withoutAnyChapWhatIsHiddenIsNotFound() throws IOException {
        InitiatorConfig other =
                new InitiatorConfig("other", List.of("iqn.2026-11.example:other"), List.of(), null, null);
        GatewayConfig config = new GatewayConfig(
                List.of(),
                List.of(),
                List.of(target(HIDDEN, "other", null)),
                List.of(other),
                List.of(),
                SecurityConfig.DEFAULT);
        server.allow(config, Map.of());
        for (String target : new String[] {HIDDEN, ABSENT}) {
            TestInitiator initiator = server.connect();
            assertEquals(
                    0x0203,
                    initiator.tryLogin(initiator.names("Normal", target)).status());
            assertEquals(0x0203, begin(target).offer("CHAP,None").status());
        }
        server.connect().name("iqn.2026-11.example:other").login(HIDDEN);
    }
}
