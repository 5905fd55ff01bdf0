package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** The login phase, response by response (RFC 7143 6.3, 11.12, 11.13). */
public final class LoginPhaseTest {

    private static final int TRANSIT = 0x80;
    private static final int OPERATIONAL = 1 << 2;
    private static final int TO_OPERATIONAL = 1;
    private static final int TO_FULL_FEATURES = 3;

    @Rule
    public final TestServer server = new TestServer();

    private static RawPdu exchange(TestInitiator initiator, int flags, Map<String, String> keys) throws IOException {
        initiator.send(initiator.loginRequest(flags).data(TextPairs.encode(keys)));
        RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
        assertEquals(0, response.int16(36));
        return response;
    }

    /** Each stage in requests of its own: the target goes no further than it is asked to, and gives the handle at the end. */
    @Test
    public void theTargetGoesNoFurtherThanItIsAsked() throws IOException {
        TestInitiator initiator = server.connect();
        Map<String, String> names = initiator.names("Normal", TARGET);
        names.put("AuthMethod", "None");
        RawPdu[] responses = {
            exchange(initiator, 0, names),
            exchange(initiator, TRANSIT | TO_OPERATIONAL, Map.of()),
            exchange(initiator, OPERATIONAL, Map.of("MaxBurstLength", "65536")),
            exchange(initiator, OPERATIONAL, Map.of()),
            exchange(initiator, TRANSIT | OPERATIONAL | TO_FULL_FEATURES, Map.of()),
        };
        int[] flags = {0, TRANSIT | TO_OPERATIONAL, OPERATIONAL, OPERATIONAL, TRANSIT | OPERATIONAL | TO_FULL_FEATURES};
        for (int i = 0; i < flags.length; i++) {
            assertEquals("response " + i, flags[i], responses[i].int8(1));
            assertEquals("a handle comes with the last", i == 4, responses[i].int16(14) != 0);
        }
        TestServer.ready(initiator);
    }

    /** Fields of each response: versions, ISID, task tag, and numbers that the session goes on with. */
    @Test
    public void fieldsOfAResponse() throws IOException {
        TestInitiator initiator = server.connect().isid(0x4012_3456_789AL);
        initiator.cmdSn(4711);
        RawPdu first = exchange(initiator, OPERATIONAL, initiator.names("Normal", TARGET));
        RawPdu last = exchange(initiator, TRANSIT | OPERATIONAL | TO_FULL_FEATURES, Map.of());
        for (RawPdu response : new RawPdu[] {first, last}) {
            assertEquals("Version-max and Version-active", 0, response.int16(2));
            assertEquals(0x4012_3456_789AL, response.int64(8) >>> 16);
            assertEquals(0, response.taskTag());
            assertEquals(4711, response.int32(28));
        }
        assertEquals(first.statSn() + 1, last.statSn());
        TestServer.ready(initiator);
    }

    /** A login with nothing but the names leaves every key at its default. */
    @Test
    public void keysThatAreNotOfferedKeepTheirDefaults() throws IOException {
        TestInitiator initiator = server.connect();
        Map<String, String> answers = TextPairs.decode(
                exchange(initiator, TRANSIT | OPERATIONAL | TO_FULL_FEATURES, initiator.names("Normal", TARGET))
                        .data());
        assertEquals(Map.of("TargetPortalGroupTag", "1", "MaxRecvDataSegmentLength", "262144"), answers);
        TestServer.ready(initiator);
        initiator.send(Exchanges.read(initiator, 0, 64));
        assertEquals(
                "MaxRecvDataSegmentLength",
                8192,
                initiator.expect(RawPdu.DATA_IN).data().length);
        for (int i = 0; i < 3; i++) {
            initiator.expect(RawPdu.DATA_IN);
        }
        RawPdu write = Exchanges.write(initiator, 0, 1024);
        initiator.send(write);
        assertEquals("MaxBurstLength", 262_144, initiator.expect(RawPdu.R2T).int32(44));
        initiator.ping(new byte[1]);
    }

    /** What the login agreed on holds: the answer to each offer is what both sides keep to. */
    @Test
    public void eachOfferIsAnsweredOnce() throws IOException {
        TestInitiator initiator = server.connect();
        Map<String, String> keys = initiator.names("Normal", TARGET);
        keys.putAll(TestInitiator.OPERATIONAL_KEYS);
        keys.put("X-org.example.key", "1");
        keys.put("MaxConnections", "1");
        keys.put("DefaultTime2Wait", "0");
        keys.put("DefaultTime2Retain", "20");
        keys.put("DataPDUInOrder", "Yes");
        keys.put("DataSequenceInOrder", "Yes");
        Map<String, String> answers =
                TextPairs.decode(exchange(initiator, TRANSIT | OPERATIONAL | TO_FULL_FEATURES, keys)
                        .data());
        for (String declared : new String[] {"InitiatorName", "TargetName", "SessionType"}) {
            keys.remove(declared);
            assertNull(declared + " is declared, not negotiated", answers.get(declared));
        }
        for (String key : keys.keySet()) {
            assertFalse(key + " in " + answers, answers.getOrDefault(key, "").isEmpty());
        }
        assertEquals("NotUnderstood", answers.get("X-org.example.key"));
        assertEquals("0", answers.get("ErrorRecoveryLevel"));
    }

    /** The handle of a session is not that of another, and a discovery has one too. */
    @Test
    public void handlesDiffer() throws IOException {
        int[] handles = new int[3];
        for (int i = 0; i < 3; i++) {
            TestInitiator initiator = server.connect();
            Map<String, String> names = i == 2 ? initiator.names("Discovery", null) : initiator.names("Normal", TARGET);
            handles[i] = initiator.tryLogin(names).tsih();
            assertNotEquals(0, handles[i]);
        }
        assertNotEquals(handles[0], handles[1]);
        assertNotEquals(handles[1], handles[2]);
        assertNotEquals(handles[0], handles[2]);
    }

    /** In the full feature phase neither side goes back: a Login Request there is a protocol error. */
    @Test
    public void noLoginAfterTheLogin() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator
                .loginRequest(TRANSIT | OPERATIONAL | TO_FULL_FEATURES)
                .data(TextPairs.encode(initiator.names("Normal", TARGET))));
        initiator.expectReject(4);
        initiator.ping(new byte[1]);
    }
}
