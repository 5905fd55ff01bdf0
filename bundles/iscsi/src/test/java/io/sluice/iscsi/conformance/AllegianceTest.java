package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 6: what a command moves goes over the connection that it came by (RFC 7143 4.2.5.1). */
public final class AllegianceTest {

    private static final int CONNECTIONS = 4;

    @Rule
    public final TestServer server = new TestServer();

    /** Returns the connections of one session. */
    private TestInitiator[] connect() throws IOException {
        TestInitiator[] connections = new TestInitiator[CONNECTIONS];
        connections[0] = Exchanges.login(server, "MaxConnections", Integer.toString(CONNECTIONS));
        for (int cid = 1; cid < CONNECTIONS; cid++) {
            connections[cid] = server.connect().join(connections[0], cid, TARGET);
        }
        return connections;
    }

    /** Nothing has come over a connection but the answer to a ping, whose number is the next one of that connection. */
    private static void expectNothing(TestInitiator connection) throws IOException {
        connection.ping(new byte[1]);
    }

    /** 6.1: Data-In and status come over the connection of their command, with the numbers of that connection. */
    @Test
    public void dataInAndStatusComeBackTheSameWay() throws IOException {
        TestInitiator[] connections = connect();
        RawPdu[] reads = new RawPdu[CONNECTIONS];
        server.store().hold();
        for (int i = 0; i < CONNECTIONS; i++) {
            reads[i] = read(connections[i], 8L * i, 2);
            connections[i].send(reads[i]);
        }
        TestServer.until(() -> server.store().heldCount() == CONNECTIONS);
        server.store().letGo();
        for (int i = CONNECTIONS - 1; i >= 0; i--) {
            assertEquals(1024, connections[i].finish(reads[i].taskTag(), null).expectGood().length);
            expectNothing(connections[i]);
        }
    }

    /** 6.2: R2Ts come over the connection of their command, and their Data-Out is taken there. */
    @Test
    public void r2tsComeBackTheSameWay() throws IOException {
        TestInitiator[] connections = connect();
        RawPdu[] writes = new RawPdu[CONNECTIONS];
        for (int i = 0; i < CONNECTIONS; i++) {
            writes[i] = write(connections[i], 8L * i, 2);
            connections[i].send(writes[i]);
        }
        for (int i = CONNECTIONS - 1; i >= 0; i--) {
            connections[i].finish(writes[i].taskTag(), pattern(2, i)).expectGood();
            assertArrayEquals(pattern(2, i), server.store().content(8L * i, 2));
            expectNothing(connections[i]);
        }
    }

    /** 6.3: Data-Out that comes over another connection changes nothing, and the write is still there for its own. */
    @Test
    public void dataOutOverAnotherConnectionChangesNothing() throws IOException {
        TestInitiator[] connections = connect();
        RawPdu write = write(connections[0], 0, 1);
        connections[0].send(write);
        RawPdu r2t = connections[0].expect(RawPdu.R2T);
        connections[1].send(answer(connections[0], r2t, ones(512)));
        connections[1].expectReject(4);
        expectNothing(connections[1]);
        assertUntouched(server);
        connections[0].send(answer(connections[0], r2t, pattern(1, 9)));
        Exchanges.expectGood(connections[0], write);
        assertArrayEquals(pattern(1, 9), server.store().content(0, 1));
    }
}
