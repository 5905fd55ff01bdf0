package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.testUnitReady;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 5: commands that are sent again (RFC 7143 7.2.1). */
public final class CommandRetryTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 5.1: a command that the target has, under way or ended, is done once however often it comes. */
    @Test
    public void aCommandThatIsKnownIsDoneOnce() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        RawPdu write = write(initiator, 0, 1).data(ones(512));
        initiator.send(write);
        TestServer.until(() -> server.store().heldCount() == 1);
        initiator.send(write);
        initiator.ping(new byte[1]);
        assertEquals(1, server.store().heldCount());
        server.store().letGo();
        initiator.finish(write.taskTag(), null).expectGood();
        initiator.write10(LUN_0, 0, pattern(1, 5), BLOCK);
        initiator.send(write);
        initiator.ping(new byte[1]);
        assertArrayEquals(pattern(1, 5), server.store().content(0, 1));
    }

    /** 5.2: a command that was lost is taken when it comes again, and those behind it have waited. */
    @Test
    public void aCommandThatWasLostMayComeAgain() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu lost = write(initiator, 0, 1).data(ones(512));
        RawPdu[] behind = {testUnitReady(initiator), testUnitReady(initiator)};
        for (RawPdu command : behind) {
            initiator.send(command);
        }
        assertEquals(1, initiator.taskManagement(1, LUN_0, 4711, lost.int32(24) - 1));
        initiator.send(lost);
        initiator.finish(lost.taskTag(), null).expectGood();
        for (RawPdu command : behind) {
            initiator.finish(command.taskTag(), null).expectGood();
        }
        assertArrayEquals(ones(512), server.store().content(0, 1));
    }
}
