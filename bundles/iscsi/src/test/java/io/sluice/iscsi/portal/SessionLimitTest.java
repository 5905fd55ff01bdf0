package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** How many sessions there may be, and of whom. */
public final class SessionLimitTest {

    @Rule
    public final TestServer server = new TestServer();

    @Test
    public void tooManySessionsAreRefused() throws IOException {
        for (int i = 0; i < 32; i++) {
            server.connect().name("iqn.2026-11.io.sluice.testkit:host" + i).login(TARGET);
        }
        TestInitiator last = server.connect();
        assertEquals(0x0302, last.tryLogin(last.names("Normal", TARGET)).status());
        server.server().closeSession(server.server().sessions().get(0).id());
        server.login();
    }

    @Test
    public void anInitiatorHasAShareOfTheSessions() throws IOException {
        String name = "iqn.2026-11.io.sluice.testkit:greedy";
        TestInitiator first = server.login(name);
        for (int i = 1; i < 16; i++) {
            server.login(name);
        }
        TestInitiator more = server.connect().name(name);
        assertEquals(0x0302, more.tryLogin(more.names("Normal", TARGET)).status());
        assertTrue(server.refusals().get(0), server.refusals().get(0).contains("16 sessions of one initiator"));
        server.login("iqn.2026-11.io.sluice.testkit:another");
        server.connectFrom("127.0.0.2").name(name).login(TARGET);
        first.logout();
        TestServer.until(() -> server.ended() == 1 && server.server().sessions().size() == 17);
        server.login(name);
    }
}
