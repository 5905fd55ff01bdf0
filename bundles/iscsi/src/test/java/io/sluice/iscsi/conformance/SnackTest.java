package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.expectGood;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 12: SNACK (RFC 7143 11.16), which ErrorRecoveryLevel 0 does not have. */
public final class SnackTest {

    @Rule
    public final TestServer server = new TestServer();

    /** 12.5: a request to send something again, of any kind, is rejected, and what is under way goes on. */
    @Test
    public void everyKindIsRejected() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "ErrorRecoveryLevel", "2");
        assertEquals("0", initiator.negotiated().get("ErrorRecoveryLevel"));
        RawPdu write = write(initiator, 0, 1);
        initiator.send(write);
        RawPdu r2t = initiator.expect(RawPdu.R2T);
        for (int kind = 0; kind <= 3; kind++) {
            initiator.send(RawPdu.of(RawPdu.SNACK)
                    .flags(0x80 | kind)
                    .taskTag(write.taskTag())
                    .int32(20, RawPdu.RESERVED_TAG)
                    .int32(44, 1));
            initiator.expectReject(3);
        }
        initiator.send(answer(initiator, r2t, ones(512)));
        expectGood(initiator, write);
    }
}
