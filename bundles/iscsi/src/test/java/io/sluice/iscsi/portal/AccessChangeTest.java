package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.session.EndReason;
import io.sluice.management.SessionStatus;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.Rule;
import org.junit.Test;

/** Who may use what changes while sessions live: what is taken away ends at once, and nobody else notices. */
public final class AccessChangeTest {

    private static final String A = "iqn.2026-11.host:a";
    private static final String B = "iqn.2026-11.host:b";
    private static final String SECRET = "a secret of 20 bytes";

    @Rule
    public final TestServer server = new TestServer();

    private static GrantConfig to(String host, LunView... luns) {
        return new GrantConfig(host, List.of(luns), false, false);
    }

    private void allow(GrantConfig... grants) {
        TargetConfig target = new TargetConfig(
                new IscsiName(TARGET),
                true,
                AccessState.ACTIVE_OPTIMIZED,
                List.of(),
                List.of(grants),
                List.of(),
                List.of(),
                null);
        server.allow(
                new GatewayConfig(
                        List.of(),
                        List.of(),
                        List.of(target),
                        List.of(
                                new InitiatorConfig("a", List.of(A), List.of(), null, null),
                                new InitiatorConfig("b", List.of(B), List.of(), null, null),
                                new InitiatorConfig("c", List.of(), List.of(), new ChapConfig("c", "c"), null),
                                new InitiatorConfig("d", List.of(), List.of(), new ChapConfig("d", "c"), null),
                                new InitiatorConfig("all", List.of(), List.of(), null, null)),
                        List.of(),
                        SecurityConfig.DEFAULT),
                Map.of("c", SECRET));
        server.server().accessChanged();
    }

    @Test
    public void whoMayNotUseTheTargetAnyMoreIsOut() throws IOException {
        allow(to("a"), to("b"));
        TestInitiator a = server.login(A);
        TestInitiator b = server.login(B);
        server.store().hold();
        a.send(a.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        Thread change = new Thread(() -> allow(to("b")), "change");
        change.start();
        assertEquals(3, a.expect(RawPdu.ASYNC_MESSAGE).int8(36));
        a.expectClosed();
        assertTrue("until the command has ended", change.isAlive());
        server.store().letGo();
        TestServer.until(() -> !change.isAlive());
        assertEquals(EndReason.ACCESS_TAKEN_AWAY, server.end(1).reason());
        b.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    @Test
    public void whoSeesOtherUnitsIsTold() throws IOException {
        allow(to("a"), to("b"));
        TestInitiator a = server.login(A);
        TestInitiator b = server.login(B);
        allow(to("a", new LunView(0, 0, true)), to("b"));
        b.write10(LUN_0, 0, pattern(1, 1), BLOCK);
        assertEquals("a", server.server().sessions().get(0).admittedAs());
        // Whether it may write is the engine's to say; the session is the same.
        a.ping(new byte[1]);
        assertEquals(2, server.server().sessions().size());
    }

    @Test
    public void allConnectionsOfASessionEnd() throws IOException {
        allow(to("a"));
        TestInitiator first = server.connect().name(A).login(TARGET, Map.of("MaxConnections", "2"));
        TestInitiator second = server.connect().join(first, 1, TARGET);
        SessionStatus status = server.server().sessions().get(0);
        assertEquals(2, status.connections().size());
        assertEquals(1, status.connections().get(1).cid());
        allow(to("b"));
        first.expectClosed();
        second.expectClosed();
        assertTrue(server.server().sessions().isEmpty());
    }

    /** A connection joins a session only by the right that the session has. */
    @Test
    public void anotherProofIsAnotherRight() throws IOException {
        allow(to("c"), to("d"));
        TestInitiator first = server.connect().isid(77);
        assertEquals(0, login(first, "c", Map.of("MaxConnections", "4")));
        assertEquals("c", server.server().sessions().get(0).chapUser());
        TestInitiator other = server.connect().isid(77).tsih(first.tsih()).connectionId(1);
        assertEquals(0x020A, login(other, "d", Map.of()));
        TestInitiator same = server.connect().isid(77).tsih(first.tsih()).connectionId(1);
        assertEquals(0, login(same, "c", Map.of()));
        assertEquals(2, server.server().sessions().get(0).connections().size());
    }

    /** Who only says that he is somebody ends nobody's session. */
    @Test
    public void aSessionIsReplacedOnlyByWhoHasProvenHimself() throws IOException {
        allow(to("c"));
        TestInitiator own = server.connect().isid(77);
        assertEquals(0, login(own, "c", Map.of()));
        TestInitiator stranger = server.connectFrom("127.0.0.9").isid(77);
        assertEquals(
                0x0201,
                new ChapLogin(stranger, TARGET)
                        .authenticate(ChapAlgorithm.MD5, "c", "a wrong secret")
                        .status());
        TestInitiator silent = server.connect().isid(77);
        new ChapLogin(silent, TARGET).challenge("5");
        own.ping(new byte[1]);
        assertEquals(1, server.server().sessions().size());
        assertEquals(0, login(server.connect().isid(77), "c", Map.of()));
        own.expectClosed();
        assertEquals(EndReason.REPLACED, server.end(1).reason());
    }

    /** Somebody who may use the target himself, under the name of another, does not end what the other has proven. */
    @Test
    public void aProvenSessionIsReplacedOnlyByTheSameProof() throws IOException {
        allow(to("c"), to("d"), to("all"));
        TestInitiator own = server.connect().isid(77);
        assertEquals(0, login(own, "c", Map.of()));
        TestInitiator unproven = server.connectFrom("127.0.0.9").isid(77);
        assertEquals(0x0202, unproven.tryLogin(unproven.names("Normal", TARGET)).status());
        assertEquals(0x0202, login(server.connect().isid(77), "d", Map.of()));
        own.ping(new byte[1]);
        assertEquals(0, server.ended());
        assertEquals(0, login(server.connect().isid(77), "c", Map.of()));
        own.expectClosed();
    }

    /** Of two changes at once, the later one holds in the end, whichever thread comes first. */
    @Test
    public void rulesThatAreOldDoNotComeBack() throws Exception {
        allow(to("a"));
        server.login(A);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        server.askedForRules(rules -> {
            if (Thread.currentThread().getName().equals("earlier")) {
                asked.countDown();
                awaitQuietly(goOn);
            }
            return rules;
        });
        Thread earlier = new Thread(() -> server.server().accessChanged(), "earlier");
        earlier.start();
        asked.await();
        Thread later = new Thread(() -> allow(to("all")), "later");
        later.start();
        TestServer.until(() -> later.getState() == Thread.State.BLOCKED || !later.isAlive());
        goOn.countDown();
        earlier.join();
        later.join();
        assertEquals("all", server.server().sessions().get(0).admittedAs());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static int login(TestInitiator initiator, String user, Map<String, String> keys) throws IOException {
        assertEquals(
                0,
                new ChapLogin(initiator, TARGET)
                        .authenticate(ChapAlgorithm.MD5, user, SECRET)
                        .status());
        return initiator.tryLogin(keys).status();
    }
}
