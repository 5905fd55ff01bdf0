package io.sluice.iscsi.portal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.access.AccessRules;
import io.sluice.access.Caller;
import io.sluice.access.Grant;
import io.sluice.config.AccessState;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.session.SessionEnd;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What initiators can cause at will fills no log. */
public final class SessionLogTest {

    private static final int FLOOD = 200;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final ScsiTarget target = TestServer.newTarget(TestServer.TARGET);
    private final AccessRules rules = new AccessRules(
            GatewayConfig.EMPTY.withTargets(List.of(new TargetConfig(
                    new IscsiName(TestServer.TARGET),
                    true,
                    AccessState.ACTIVE_OPTIMIZED,
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    null))),
            name -> null);

    @Before
    public void read() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @After
    public void putBack() {
        System.setErr(before);
    }

    private long lines(String with) {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(with))
                .count();
    }

    @Test
    public void aStrangerFillsNoLogByDiscoverySessions() throws Exception {
        ServerSettings settings = TestServer.config(Duration.ofSeconds(60), Duration.ofMinutes(5));
        try (IscsiServer server = new IscsiServer(settings, () -> rules)) {
            server.addTarget(target);
            var portal = server.bindLoopback();
            for (int i = 0; i < FLOOD; i++) {
                try (TestInitiator stranger = TestInitiator.connect(portal)) {
                    stranger.isid(i).loginDiscovery();
                    stranger.send(RawPdu.of(RawPdu.SNACK).flags(0x80).taskTag(1).int32(20, RawPdu.RESERVED_TAG));
                    stranger.expectReject(3);
                    stranger.logout();
                }
            }
        }
        assertTrue(lines("rejected a SNACK_REQUEST") > 0);
        assertTrue(written.toString(StandardCharsets.UTF_8), lines("") <= 20);
    }

    @Test
    public void ofAFloodOfSessionsThereAreSomeLines() throws Exception {
        SessionRegistry sessions = new SessionRegistry(1, Clock.systemUTC(), name -> target, () -> rules, null);
        Session session = sessions.begin(
                new InitiatorPort("iqn.x", 1), target, 1, admitted("192.0.2.1"), new OneConnection("192.0.2.1:1"));
        SessionLog log = new SessionLog();
        SessionConnections.Open connection = session.connections().list().get(0);
        SessionEnd end = SessionEnd.of(EndReason.LOGGED_OUT, "");
        for (int i = 0; i < 50 * FLOOD; i++) {
            log.began(session);
            log.joined(session, connection);
            log.managed(session, 5);
            log.left(session, connection, end);
            log.ended(session, end);
        }
        assertEquals("in two logs", 2 * FLOOD, lines("logged in") + lines("log in to ") + lines("join"));
        assertEquals(2 * FLOOD, lines("end connection ") + lines("ended") + lines("end session "));
        assertEquals(5, lines("task management function"));
        Session other = anotherSession();
        log.ended(other, end);
        assertEquals(1, lines("192.0.2.2:1 end session "));
    }

    private Session anotherSession() throws Exception {
        return new SessionRegistry(1, Clock.systemUTC(), name -> target, () -> rules, null)
                .begin(
                        new InitiatorPort("iqn.y", 1),
                        target,
                        1,
                        admitted("192.0.2.2"),
                        new OneConnection("192.0.2.2:1"));
    }

    private static Admitted admitted(String remote) throws IOException {
        Caller caller = new Caller(
                "iqn.x",
                InetAddress.getByName(remote),
                InetAddress.getLoopbackAddress(),
                PortalConfig.parse("127.0.0.1"));
        return new Admitted(caller, null, new Grant("", List.of(), false, false, ""));
    }

    /** A connection without a socket. */
    private record OneConnection(String remote) implements SessionConnections {

        @Override
        public void drop() {
            throw new AssertionError("nobody ends it");
        }

        @Override
        public CompletionStage<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> requestLogout(int seconds) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public List<Open> list() {
            return List.of(new Open(0, "127.0.0.1:3260", remote));
        }

        @Override
        public List<Admitted> admitted() {
            return List.of();
        }

        @Override
        public NegotiatedParameters parameters() {
            throw new AssertionError("nobody asks");
        }
    }
}
