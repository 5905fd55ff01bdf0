package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.testUnitReady;
import static io.sluice.iscsi.conformance.Exchanges.text;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/** Group 1: the window of command numbers (RFC 7143 4.2.2.1). */
public final class MaxCmdSnTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 1.1: every answer says which command is expected and how many more may come. */
    @Test
    public void everyAnswerShowsTheWindow() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1);
        RawPdu[] requests = {
            write,
            Exchanges.ping(initiator, new byte[1]),
            read(initiator, 0, 1),
            text(initiator, "SendTargets=\0"),
            initiator.taskManagementRequest(1, LUN_0, 4711, initiator.cmdSn() - 1),
            RawPdu.of(0x17),
            initiator.taskManagementRequest(1, LUN_0, write.taskTag(), write.int32(24)),
        };
        // One after the other, so that it is known which command each answer has seen.
        initiator.cmdSn(requests[0].int32(24));
        for (RawPdu request : requests) {
            initiator.send(request);
            int expected = request.takesCmdSn() ? request.int32(24) + 1 : initiator.cmdSn();
            RawPdu answer = initiator.receive();
            assertEquals(answer.toString(), expected, answer.int32(28));
            assertTrue(answer.toString(), answer.int32(32) - answer.int32(28) >= -1);
            initiator.cmdSn(expected);
        }
    }

    /** 1.2: a command beyond MaxCmdSN is ignored, and its data too; its number is free for the one that will have it. */
    @Test
    public void aCommandBeyondTheWindowIsIgnored() throws IOException {
        TestInitiator initiator = server.login();
        initiator.ping(new byte[0]);
        int next = initiator.cmdSn();
        for (int beyond : new int[] {1, 2, 100_000, Integer.MAX_VALUE - 200}) {
            initiator.send(write(initiator, 0, 1)
                    .int32(24, initiator.maxCmdSn() + beyond)
                    .data(ones(512)));
            initiator.cmdSn(next);
        }
        int last = initiator.maxCmdSn() + 2;
        initiator.ping(new byte[0]);
        assertEquals("nothing of them is kept", 0, server.dataBytesInUse());
        while (initiator.cmdSn() - last <= 0) {
            initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
        assertUntouched(server);
    }

    /** 1.3: a command that comes a second time, or whose number has been, is ignored. */
    @Test
    public void aNumberThatHasBeenIsIgnored() throws IOException {
        TestInitiator initiator = server.login();
        int next = initiator.cmdSn();
        for (int before : new int[] {1, 2, 100_000, Integer.MAX_VALUE - 200}) {
            initiator.send(write(initiator, 0, 1).int32(24, next - before).data(ones(512)));
        }
        initiator.cmdSn(next);
        initiator.send(Exchanges.ping(initiator, new byte[0]).immediate());
        initiator.expect(RawPdu.NOP_IN);
        assertEquals("nothing of them is kept", 0, server.dataBytesInUse());
        RawPdu second = testUnitReady(initiator).int32(24, next + 1);
        initiator.send(second);
        initiator.send(write(initiator, 0, 1).int32(24, next + 1).data(ones(512)));
        RawPdu first = testUnitReady(initiator).int32(24, next);
        initiator.send(first);
        initiator.finish(first.taskTag(), null).expectGood();
        initiator.finish(second.taskTag(), null).expectGood();
        initiator.cmdSn(next + 2);
        initiator.ping(new byte[1]);
        assertUntouched(server);
    }

    /** 1.4: MaxCmdSN never goes back; the window closes when as many commands are under way as may be, and opens again. */
    @Test
    public void theWindowClosesAndNeverGoesBack() throws IOException {
        TestInitiator initiator = server.login();
        List<RawPdu> sent = closeTheWindow(initiator);
        int closedAt = initiator.maxCmdSn();
        server.store().letGo();
        for (RawPdu read : sent) {
            int before = initiator.maxCmdSn();
            assertEquals(512, initiator.finish(read.taskTag(), null).expectGood().length);
            assertTrue(initiator.maxCmdSn() - before >= 0);
        }
        assertEquals(closedAt + sent.size(), initiator.maxCmdSn());
        initiator.ping(new byte[1]);
    }

    /** Sends reads, which the store holds, until the target lets no more come. */
    private List<RawPdu> closeTheWindow(TestInitiator initiator) throws IOException {
        server.store().hold();
        List<RawPdu> sent = new ArrayList<>();
        initiator.ping(new byte[0]);
        while (initiator.maxCmdSn() - initiator.cmdSn() >= 0) {
            int before = initiator.maxCmdSn();
            while (initiator.maxCmdSn() - initiator.cmdSn() >= 0) {
                RawPdu read = read(initiator, 0, 1);
                sent.add(read);
                initiator.send(read);
            }
            initiator.taskManagement(1, LUN_0, 4711, initiator.cmdSn() - 1);
            assertTrue(initiator.maxCmdSn() - before >= 0);
        }
        return sent;
    }

    /** 1.5: what is immediate passes a closed window, is served at once and takes no number. */
    @Test
    public void whatIsImmediatePassesAClosedWindow() throws IOException {
        TestInitiator initiator = server.login();
        List<RawPdu> sent = closeTheWindow(initiator);
        int next = initiator.cmdSn();
        RawPdu ping = Exchanges.ping(initiator, new byte[] {1, 2, 3}).immediate();
        initiator.cmdSn(next);
        initiator.send(ping);
        assertEquals(next, initiator.expect(RawPdu.NOP_IN).int32(28));
        RawPdu ready = testUnitReady(initiator).immediate();
        initiator.cmdSn(next);
        initiator.send(ready);
        initiator.finish(ready.taskTag(), null).expectGood();
        server.store().letGo();
        for (RawPdu read : sent) {
            initiator.finish(read.taskTag(), null).expectGood();
        }
        initiator.ping(new byte[1]);
    }
}
