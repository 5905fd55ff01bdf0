package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.CONTINUE;
import static io.sluice.iscsi.conformance.Exchanges.FINAL;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.text;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Group 17: text requests (RFC 7143 11.10, 11.11, 6.2, appendix C). */
public final class TextTest {

    private static final int PROTOCOL_ERROR = 4;

    @Rule
    public final TestServer server = new TestServer();

    private static String string(RawPdu response) {
        return new String(response.data(), StandardCharsets.UTF_8);
    }

    /** 17.1: SendTargets lists all targets to a discovery, and its own target to any other session. */
    @Test
    public void sendTargets() throws Exception {
        server.addTarget(TestServer.newTarget("iqn.2026-11.io.sluice:another"));
        String own = "TargetName=" + TARGET + "\0TargetAddress=127.0.0.1:"
                + server.portal().getPort() + ",1\0";
        TestInitiator discovery = server.connect().loginDiscovery();
        String all = discovery.text(Map.of("SendTargets", "All"));
        assertTrue(all, all.contains(own) && all.contains(":another\0"));
        assertEquals(own, discovery.text(Map.of("SendTargets", TARGET)));
        TestInitiator normal = server.login();
        assertEquals(own, normal.text(Map.of("SendTargets", "")));
        assertEquals(own, normal.text(Map.of("SendTargets", TARGET)));
        normal.send(text(normal, "SendTargets=All\0"));
        normal.expectReject(PROTOCOL_ERROR);
    }

    /** 17.2: an answer that is longer than a segment goes on, with C and a tag, when it is asked for. */
    @Test
    public void aLongAnswerGoesOn() throws IOException {
        for (int i = 0; i < 20; i++) {
            server.addTarget(TestServer.newTarget("iqn.2026-11.io.sluice:many-" + i));
        }
        TestInitiator initiator = server.connect().loginDiscovery();
        initiator.text(Map.of("MaxRecvDataSegmentLength", "512"));
        RawPdu request = text(initiator, "SendTargets=All\0");
        initiator.send(request);
        StringBuilder answer = new StringBuilder();
        RawPdu response = initiator.expect(RawPdu.TEXT_RESPONSE);
        while (!response.last()) {
            assertEquals(512, response.data().length);
            assertEquals(CONTINUE, response.int8(1));
            assertNotEquals(RawPdu.RESERVED_TAG, response.int32(20));
            answer.append(string(response));
            initiator.send(
                    initiator.request(RawPdu.TEXT).taskTag(request.taskTag()).int32(20, response.int32(20)));
            response = initiator.expect(RawPdu.TEXT_RESPONSE);
        }
        assertTrue("parts before the last", answer.length() >= 1024);
        assertTrue(response.data().length <= 512);
        assertEquals(FINAL, response.int8(1));
        assertEquals(RawPdu.RESERVED_TAG, response.int32(20));
        answer.append(string(response));
        assertEquals(21, answer.toString().split("TargetName=", -1).length - 1);
    }

    /** 17.3: a request with C is answered with nothing but a tag to go on with, and the text is read when it is whole. */
    @Test
    public void aRequestThatIsContinued() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu first = text(initiator, "X-fir").flags(CONTINUE);
        initiator.send(first);
        RawPdu empty = initiator.expect(RawPdu.TEXT_RESPONSE);
        assertEquals(0, empty.data().length);
        assertEquals(0, empty.int8(1));
        assertEquals(first.taskTag(), empty.taskTag());
        assertNotEquals(RawPdu.RESERVED_TAG, empty.int32(20));
        initiator.send(text(initiator, "st=1\0").taskTag(first.taskTag()).int32(20, empty.int32(20)));
        RawPdu response = initiator.expect(RawPdu.TEXT_RESPONSE);
        assertEquals(FINAL, response.int8(1));
        assertEquals("X-first=NotUnderstood\0", string(response));
        // Without F and C the initiator has more to say, so the target does not say that it is over.
        initiator.send(text(initiator, "X-a=1\0").flags(0));
        RawPdu open = initiator.expect(RawPdu.TEXT_RESPONSE);
        assertEquals(0, open.int8(1));
        assertNotEquals(RawPdu.RESERVED_TAG, open.int32(20));
    }

    /** 17.4: C and F together are no request. */
    @Test
    public void finalAndContinued() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(text(initiator, "X-a=1\0").flags(FINAL | CONTINUE));
        initiator.expectReject(PROTOCOL_ERROR);
        assertEquals("X-a=NotUnderstood\0", initiator.text(Map.of("X-a", "1")));
    }

    /** 17.5: the reserved tag begins anew, whatever was said before; a tag that was never given out is rejected. */
    @Test
    public void theReservedTagBeginsAnew() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(text(initiator, "X-forgotten").flags(CONTINUE));
        int tag = initiator.expect(RawPdu.TEXT_RESPONSE).int32(20);
        assertEquals("X-a=NotUnderstood\0", initiator.text(Map.of("X-a", "1")));
        for (int stale : new int[] {tag, tag + 1000}) {
            initiator.send(text(initiator, "X-b=1\0").int32(20, stale));
            initiator.expectReject(PROTOCOL_ERROR);
        }
    }

    /** 17.6: what is agreed at login is not agreed anew; a refused negotiation changes nothing, and unknown keys are answered. */
    @Test
    public void keysOfTheLogin() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "MaxRecvDataSegmentLength", "1024");
        String[] refused = {
            "MaxBurstLength=512\0",
            "HeaderDigest=CRC32C\0",
            "InitiatorName=iqn.2026-11.io.sluice:x\0",
            "MaxRecvDataSegmentLength=511\0",
            "TargetAddress=192.0.2.1\0",
            "MaxRecvDataSegmentLength=512\0MaxBurstLength=512\0",
            "X-a=1\0X-a=2\0",
            "noEquals\0",
        };
        for (String keys : refused) {
            initiator.send(text(initiator, keys));
            initiator.expectReject(PROTOCOL_ERROR);
        }
        initiator.send(read(initiator, 0, 2));
        assertEquals(1024, initiator.expect(RawPdu.DATA_IN).data().length);
        assertEquals("", initiator.text(Map.of("MaxRecvDataSegmentLength", "512")));
        initiator.send(read(initiator, 0, 2));
        assertEquals(512, initiator.expect(RawPdu.DATA_IN).data().length);
        assertEquals(512, initiator.expect(RawPdu.DATA_IN).data().length);
        assertEquals("X-a=NotUnderstood\0", initiator.text(Map.of("X-a", "1")));
    }
}
