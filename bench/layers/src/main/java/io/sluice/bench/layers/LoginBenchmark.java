package io.sluice.bench.layers;

import io.sluice.access.AccessControl;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.auth.Challenges;
import io.sluice.iscsi.login.Arrival;
import io.sluice.iscsi.login.LoginException;
import io.sluice.iscsi.login.LoginNegotiation;
import io.sluice.iscsi.login.LoginRequest;
import io.sluice.iscsi.login.LoginResponse;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A whole login in one request, with the keys that hosts send. */
@State(Scope.Benchmark)
public class LoginBenchmark extends LayerBenchmark {

    private static final int OPERATIONAL = 1;
    private static final int FULL_FEATURE_PHASE = 3;
    private static final String TARGET = "iqn.2026-11.io.sluice:bench";

    private final ScsiTarget target = new ScsiTarget(TARGET);
    private final AccessControl access = OpenAccess.to(TARGET);
    private final Challenges challenges = new Challenges();
    private final Arrival arrival = new Arrival(
            InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress(), new PortalConfig("127.0.0.1", 3260));
    private final byte[] text = String.join(
                    "\0",
                    "InitiatorName=iqn.2026-11.io.sluice:client",
                    "TargetName=" + TARGET,
                    "SessionType=Normal",
                    "HeaderDigest=None,CRC32C",
                    "DataDigest=None",
                    "InitialR2T=No",
                    "ImmediateData=Yes",
                    "MaxRecvDataSegmentLength=262144",
                    "MaxBurstLength=16776192",
                    "FirstBurstLength=262144",
                    "MaxOutstandingR2T=1",
                    "MaxConnections=1",
                    "DataPDUInOrder=Yes",
                    "DataSequenceInOrder=Yes",
                    "ErrorRecoveryLevel=0",
                    "DefaultTime2Wait=2",
                    "DefaultTime2Retain=0",
                    "")
            .getBytes(StandardCharsets.UTF_8);

    /** Negotiates once. */
    @Benchmark
    public LoginResponse negotiate() throws LoginException {
        return new LoginNegotiation(name -> target, access, challenges, arrival)
                .answer(new LoginRequest(true, false, OPERATIONAL, FULL_FEATURE_PHASE, 0, 1, 0, 1, 1, text));
    }
}
