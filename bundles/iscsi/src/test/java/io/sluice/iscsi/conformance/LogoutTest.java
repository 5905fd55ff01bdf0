package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.read;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Group 13: logout (RFC 7143 11.14, 11.15). */
public final class LogoutTest {

    private static final int SESSION = 0x80;
    private static final int CONNECTION = 0x81;
    private static final int RECOVERY = 0x82;

    @Rule
    public final TestServer server = new TestServer();

    private static int logout(TestInitiator initiator, int flags, int connectionId) throws IOException {
        RawPdu request = initiator.request(RawPdu.LOGOUT).flags(flags).int16(20, connectionId);
        initiator.send(request);
        RawPdu response = initiator.expect(RawPdu.LOGOUT_RESPONSE);
        assertEquals(request.taskTag(), response.taskTag());
        assertEquals(0x80, response.int8(1));
        return response.int8(2);
    }

    /** 13.1: the session is closed, the response comes when its commands have ended, and then the connection closes. */
    @Test
    public void theSessionIsClosed() throws IOException {
        TestInitiator initiator =
                TestServer.ready(server.connect(Duration.ofSeconds(2), 0).login(TestServer.TARGET));
        server.store().hold();
        initiator.send(read(initiator, 0, 1));
        TestServer.until(() -> server.store().heldCount() == 1);
        initiator.send(initiator.request(RawPdu.LOGOUT).flags(SESSION));
        // No answer yet: the read is still in the store.
        assertThrows(SocketTimeoutException.class, initiator::receive);
        assertEquals(1, server.server().sessions().size());
        server.store().letGo();
        assertEquals(0, initiator.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        initiator.expectClosed();
        TestServer.until(() -> server.server().sessions().isEmpty());
    }

    /** 13.2: the connection is closed, and with the only one the session. */
    @Test
    public void theConnectionIsClosed() throws IOException {
        TestInitiator initiator = server.login();
        assertEquals(0, logout(initiator, CONNECTION, 0));
        initiator.expectClosed();
        TestServer.until(() -> server.server().sessions().isEmpty());
    }

    /** 13.3: a connection that the session does not have is not found, and nothing is closed. */
    @Test
    public void aConnectionThatIsNotThere() throws IOException {
        TestInitiator initiator = server.login();
        for (int cid : new int[] {1, 9, 0xFFFF}) {
            assertEquals(1, logout(initiator, CONNECTION, cid));
        }
        initiator.ping(new byte[1]);
    }

    /** 13.4: removal for recovery is not supported at ErrorRecoveryLevel 0, and a reason that does not exist is rejected. */
    @Test
    public void recoveryIsNotSupported() throws IOException {
        TestInitiator initiator = server.login();
        assertEquals(2, logout(initiator, RECOVERY, 0));
        initiator.send(initiator.request(RawPdu.LOGOUT).flags(0x83));
        initiator.expectReject(9);
        initiator.ping(new byte[1]);
    }
}
