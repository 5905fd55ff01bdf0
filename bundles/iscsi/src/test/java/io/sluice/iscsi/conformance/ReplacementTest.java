package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;

import io.sluice.config.AccessState;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.portal.TestServer;
import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ChapLogin;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Who takes the place of a session or of a connection has proved before who he is (RFC 7143 6.3.4, 6.3.5). */
public final class ReplacementTest {

    private static final String USER = "esx1";
    private static final String SECRET = "a secret of 20 bytes";
    private static final long ISID = 77;

    private static final int AUTHENTICATION_FAILURE = 0x0201;

    @Rule
    public final TestServer server = new TestServer();

    private TestInitiator first;

    @Before
    public void logIn() throws IOException {
        InitiatorConfig host = new InitiatorConfig(USER, List.of(), List.of(), new ChapConfig(USER, "in"), null);
        TargetConfig target = new TargetConfig(
                new IscsiName(TARGET),
                true,
                AccessState.ACTIVE_OPTIMIZED,
                List.of(),
                List.of(new GrantConfig(USER, List.of(), false, false)),
                List.of(),
                List.of(),
                null);
        server.allow(
                new GatewayConfig(
                        List.of(), List.of(), List.of(target), List.of(host), List.of(), SecurityConfig.DEFAULT),
                Map.of("in", SECRET));
        first = TestServer.ready(begin().login(USER, SECRET));
    }

    /** Begins a login as the same initiator port. */
    private ChapLogin begin() throws IOException {
        return new ChapLogin(server.connect().isid(ISID), TARGET);
    }

    /** Begins a login as a connection of the first session. */
    private ChapLogin beginJoin(int cid) throws IOException {
        return new ChapLogin(server.connect().isid(ISID).tsih(first.tsih()).connectionId(cid), TARGET);
    }

    private void assertUndisturbed() throws IOException {
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals(1, server.server().sessions().size());
        assertEquals(1, server.begun());
    }

    @Test
    public void aSessionLivesUntilItsSuccessorHasProvedWhoHeIs() throws IOException {
        assertEquals(AUTHENTICATION_FAILURE, begin().offer("None").status());
        assertUndisturbed();
        begin().challenge("5");
        assertUndisturbed();
        ChapLogin wrong = begin();
        wrong.challenge("5");
        assertEquals(
                AUTHENTICATION_FAILURE,
                wrong.prove(wrong.proof(USER, "not that secret")).status());
        assertUndisturbed();
        ChapLogin right = begin();
        right.challenge("5");
        assertEquals(0, right.prove(right.proof(USER, SECRET)).status());
        // With the last request only does he take the place.
        assertUndisturbed();
        TestServer.ready(right.finish());
        first.expectClosed();
        assertEquals(EndReason.REPLACED, server.end(1).reason());
    }

    @Test
    public void aConnectionLivesUntilItsSuccessorHasProvedWhoHeIs() throws IOException {
        for (int cid = 0; cid < 2; cid++) {
            assertEquals(AUTHENTICATION_FAILURE, beginJoin(cid).offer("None").status());
            ChapLogin wrong = beginJoin(cid);
            wrong.challenge("5");
            assertEquals(
                    AUTHENTICATION_FAILURE,
                    wrong.prove(wrong.proof(USER, "not that secret")).status());
            assertUndisturbed();
        }
    }
}
