package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Commands that a lost connection should have brought: the initiator fills the gap, or the session ends (RFC 7143 7.1.4.4, 7.2.1). */
public final class CommandGapTest {

    @Rule
    public final TestServer server = new TestServer(TestServer.config(Duration.ofSeconds(60), Duration.ofSeconds(1)));

    private TestInitiator first;
    private TestInitiator second;
    private RawPdu missing;
    private RawPdu waiting;

    /** The second connection brings a command that waits for one of the first, which is lost. */
    @Before
    public void loseACommand() throws IOException {
        first = TestServer.ready(server.connect().login(TARGET, Map.of("MaxConnections", "2")));
        second = server.connect().join(first, 1, TARGET);
        missing = first.command(LUN_0, Cdb.testUnitReady(), 0, 0);
        waiting = second.command(LUN_0, Cdb.testUnitReady(), 0, 0);
        second.send(waiting);
        first.reset();
        server.left(1);
    }

    @Test
    public void theCommandMayComeByAnotherConnection() throws IOException {
        second.send(missing);
        second.finish(missing.taskTag(), null).expectGood();
        second.finish(waiting.taskTag(), null).expectGood();
    }

    @Test
    public void theCommandMayBeAborted() throws IOException {
        second.send(second.taskManagementRequest(1, LUN_0, missing.taskTag(), missing.int32(24)));
        RawPdu answer = second.receive();
        RawPdu response = second.receive();
        assertEquals(RawPdu.TASK_MANAGEMENT_RESPONSE, answer.opcode());
        assertEquals(0, answer.int8(2));
        assertEquals(waiting.taskTag(), response.taskTag());
    }

    @Test
    public void aSessionThatWaitsInVainEnds() throws IOException {
        RawPdu told = second.receive();
        while (told.opcode() == RawPdu.NOP_IN) {
            told = second.receive();
        }
        assertEquals(RawPdu.ASYNC_MESSAGE, told.opcode());
        assertEquals(3, told.int8(36));
        second.expectClosed();
        assertEquals(EndReason.COMMANDS_MISSING, server.end(1).reason());
    }
}
