package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.NOT_ENOUGH_UNSOLICITED;
import static io.sluice.iscsi.conformance.Exchanges.UNEXPECTED_UNSOLICITED;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectSense;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.unsolicited;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.conformance.Exchanges.writeUnsolicited;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Group 7: data that comes unasked and is not as agreed (RFC 7143 11.4.7.2, 13.10, 13.11, 13.14). */
public final class UnsolicitedDataTest {

    @Rule
    public final TestServer server = new TestServer();

    @After
    public void nothingWasWritten() {
        assertUntouched(server);
    }

    /** 7.1: Data-Out that nobody asked for fails the write. */
    @Test
    public void dataThatNobodyAskedFor() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "Yes");
        RawPdu write = write(initiator, 0, 4);
        initiator.send(write);
        initiator.send(unsolicited(initiator, write, 0, 0, 2048, true));
        expectSense(initiator, write, UNEXPECTED_UNSOLICITED);
        initiator.ping(new byte[1]);
    }

    /** 7.2: a command that announces unsolicited data although InitialR2T is Yes fails. */
    @Test
    public void unsolicitedDataIsAnnouncedThoughR2tsWereAgreed() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "Yes");
        RawPdu write = writeUnsolicited(initiator, 0, 4);
        initiator.send(write);
        initiator.send(unsolicited(initiator, write, 0, 0, 2048, true));
        expectSense(initiator, write, UNEXPECTED_UNSOLICITED);
        initiator.ping(new byte[1]);
    }

    /** 7.3: immediate data fails the write if ImmediateData is No. */
    @Test
    public void immediateDataThatWasNotAgreed() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "ImmediateData", "No");
        RawPdu write = write(initiator, 0, 1).data(ones(512));
        initiator.send(write);
        expectSense(initiator, write, UNEXPECTED_UNSOLICITED);
        initiator.ping(new byte[1]);
    }

    /** 7.4: more than FirstBurstLength, as immediate data, as Data-Out or as both together, fails the write. */
    @Test
    public void moreThanTheFirstBurst() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "No", "FirstBurstLength", "1024");
        RawPdu immediate = write(initiator, 0, 4).data(ones(1028));
        initiator.send(immediate);
        expectSense(initiator, immediate, UNEXPECTED_UNSOLICITED);
        RawPdu dataOut = writeUnsolicited(initiator, 0, 4);
        initiator.send(dataOut);
        initiator.send(unsolicited(initiator, dataOut, 0, 0, 1028, true));
        expectSense(initiator, dataOut, UNEXPECTED_UNSOLICITED);
        RawPdu both = writeUnsolicited(initiator, 0, 4).data(ones(512));
        initiator.send(both);
        initiator.send(unsolicited(initiator, both, 0, 512, 516, true));
        expectSense(initiator, both, UNEXPECTED_UNSOLICITED);
        initiator.ping(new byte[1]);
    }

    /** 7.5: less than was announced fails the write: FirstBurstLength, or all of it if that is less. */
    @Test
    public void lessThanWasAnnounced() throws IOException {
        TestInitiator initiator = Exchanges.login(server, "InitialR2T", "No", "FirstBurstLength", "1024");
        for (int blocks : new int[] {1, 4}) {
            RawPdu write = writeUnsolicited(initiator, 0, blocks);
            initiator.send(write);
            initiator.send(unsolicited(initiator, write, 0, 0, 508, true));
            expectSense(initiator, write, NOT_ENOUGH_UNSOLICITED);
        }
        initiator.ping(new byte[1]);
    }
}
