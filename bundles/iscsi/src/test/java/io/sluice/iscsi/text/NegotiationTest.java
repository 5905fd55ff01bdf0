package io.sluice.iscsi.text;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Each row of {@link TextKey}, offered and answered (RFC 7143 6.2, 13). */
public final class NegotiationTest {

    /** Key, what the initiator offers, what it is answered; null for no answer. */
    private static final String[][] OFFERS = {
        {"HeaderDigest", "None", "None"},
        {"HeaderDigest", "CRC32C,None", "CRC32C"},
        {"HeaderDigest", "None,CRC32C", "None"},
        {"HeaderDigest", "CRC64", "Reject"},
        {"DataDigest", "CRC32C", "CRC32C"},
        {"DataDigest", "", "Reject"},
        {"MaxConnections", "8", "1"},
        {"MaxConnections", "0", "Reject"},
        {"MaxConnections", "65536", "Reject"},
        {"TargetName", "iqn.2026-11.io.sluice:a", null},
        {"InitiatorName", "iqn.2026-11.io.sluice:b", null},
        {"InitiatorAlias", "host", null},
        {"SessionType", "Normal", null},
        {"InitialR2T", "Yes", "Yes"},
        {"InitialR2T", "No", "No"},
        {"InitialR2T", "yes", "Reject"},
        {"ImmediateData", "Yes", "Yes"},
        {"ImmediateData", "No", "No"},
        {"MaxRecvDataSegmentLength", "512", null},
        {"MaxRecvDataSegmentLength", "16777215", null},
        {"MaxRecvDataSegmentLength", "8192", null},
        {"MaxRecvDataSegmentLength", "65536", null},
        {"MaxBurstLength", "512", "512"},
        {"MaxBurstLength", "16777215", "1048576"},
        {"MaxBurstLength", "0x10000", "65536"},
        {"MaxBurstLength", "-1", "Reject"},
        {"MaxBurstLength", "4294967296", "Reject"},
        {"MaxBurstLength", "18446744073709551616", "Reject"},
        {"MaxBurstLength", "0x", "Reject"},
        {"MaxBurstLength", "1~0", "Reject"},
        {"FirstBurstLength", "512", "512"},
        {"FirstBurstLength", "262144", "262144"},
        {"DefaultTime2Wait", "3600", "3600"},
        {"DefaultTime2Wait", "0", "2"},
        {"DefaultTime2Wait", "3601", "Reject"},
        {"DefaultTime2Retain", "20", "0"},
        {"MaxOutstandingR2T", "65535", "8"},
        {"MaxOutstandingR2T", "1", "1"},
        {"MaxOutstandingR2T", "65536", "Reject"},
        {"DataPDUInOrder", "No", "Yes"},
        {"DataSequenceInOrder", "No", "Yes"},
        {"ErrorRecoveryLevel", "2", "0"},
        {"ErrorRecoveryLevel", "3", "Reject"},
        {"TaskReporting", "FastAbort,RFC3720", "RFC3720"},
        {"TaskReporting", "FastAbort", "Reject"},
        {"iSCSIProtocolLevel", "2", "1"},
        {"OFMarker", "Yes", "No"},
        {"IFMarker", "No", "No"},
        {"OFMarkInt", "2048~4096", "Reject"},
        {"IFMarkInt", "1", "Reject"},
        {"X-com.example.key", "1", "NotUnderstood"},
        {"Unheard", "1", "NotUnderstood"},
    };

    /** What {@link io.sluice.iscsi.auth} answers. */
    private static final Set<TextKey> AUTHENTICATION = EnumSet.of(
            TextKey.AUTH_METHOD, TextKey.CHAP_A, TextKey.CHAP_I, TextKey.CHAP_C, TextKey.CHAP_N, TextKey.CHAP_R);

    @Test
    public void everyOffer() throws TextException {
        Set<TextKey> tested = EnumSet.noneOf(TextKey.class);
        for (String[] row : OFFERS) {
            TextKey key = TextKey.find(row[0]);
            Map<String, String> answers = answer(new Negotiation(), Map.of(row[0], row[1]), true);
            String answer = key == TextKey.MAX_RECV_DATA_SEGMENT_LENGTH ? null : answers.get(row[0]);
            assertEquals(row[0] + "=" + row[1], row[2], answer);
            assertEquals("262144", answers.get("MaxRecvDataSegmentLength"));
            if (key != null) {
                tested.add(key);
            }
        }
        Set<TextKey> targetsOwn = EnumSet.of(
                TextKey.TARGET_ALIAS, TextKey.TARGET_ADDRESS, TextKey.TARGET_PORTAL_GROUP_TAG, TextKey.SEND_TARGETS);
        tested.addAll(targetsOwn);
        tested.addAll(AUTHENTICATION);
        assertEquals(EnumSet.allOf(TextKey.class), tested);
    }

    private static Map<String, String> answer(Negotiation negotiation, Map<String, String> offers, boolean operational)
            throws TextException {
        Map<String, String> answers = new LinkedHashMap<>();
        negotiation.answer(offers, operational).forEach(pair -> answers.put(pair.getKey(), pair.getValue()));
        return answers;
    }

    @Test
    public void defaults() {
        NegotiatedParameters parameters = new Negotiation().parameters();
        assertEquals(
                new NegotiatedParameters(false, false, 8192, 262_144, 262_144, 65_536, true, true, 1, 2, 20, 0, 1),
                parameters);
    }

    @Test
    public void declaredNumbersOutOfRangeAreRefused() {
        assertRefused(Map.of("MaxRecvDataSegmentLength", "511"), true);
        assertRefused(Map.of("MaxRecvDataSegmentLength", "16777216"), true);
    }

    @Test
    public void keysOfTheTargetAreRefused() {
        for (String key : new String[] {"TargetAlias", "TargetAddress", "TargetPortalGroupTag"}) {
            assertRefused(Map.of(key, "1"), true);
        }
    }

    @Test
    public void keysOfOtherPhasesAreRefused() {
        assertRefused(Map.of("MaxBurstLength", "512"), false);
        for (TextKey key : AUTHENTICATION) {
            assertRefused(Map.of(key.key(), "None"), true);
        }
        assertRefused(Map.of("SendTargets", "All"), true);
    }

    @Test
    public void keyOfAnEarlierRequestIsRefused() throws TextException {
        Negotiation negotiation = new Negotiation();
        negotiation.answer(Map.of("MaxBurstLength", "512"), true);
        assertThrows(TextException.class, () -> negotiation.answer(Map.of("MaxBurstLength", "512"), true));
    }

    @Test
    public void theSameDeclarationAgainIsTaken() throws TextException {
        Negotiation negotiation = new Negotiation();
        Map<String, String> declared = Map.of("InitiatorName", "iqn.a", "TargetName", "iqn.b", "SessionType", "Normal");
        negotiation.answer(declared, false);
        assertEquals(Map.of("MaxRecvDataSegmentLength", "262144"), answer(negotiation, declared, true));
        assertEquals("iqn.a", negotiation.value(TextKey.INITIATOR_NAME));
        for (String key : declared.keySet()) {
            assertThrows(key, TextException.class, () -> negotiation.answer(Map.of(key, "Discovery"), true));
        }
    }

    @Test
    public void firstBurstIsNotLongerThanABurst() throws TextException {
        Map<String, String> offers = new LinkedHashMap<>();
        offers.put("FirstBurstLength", "65536");
        offers.put("MaxBurstLength", "1024");
        assertEquals("1024", answer(new Negotiation(), offers, true).get("FirstBurstLength"));
        Negotiation byDefault = new Negotiation();
        answer(byDefault, Map.of("MaxBurstLength", "2048"), true);
        assertEquals(2048, byDefault.parameters().firstBurstLength());
    }

    @Test
    public void irrelevantInDiscovery() throws TextException {
        Negotiation negotiation = new Negotiation();
        answer(negotiation, Map.of("SessionType", "Discovery"), false);
        Map<String, String> answers = answer(negotiation, Map.of("InitialR2T", "No", "HeaderDigest", "None"), true);
        assertEquals("Irrelevant", answers.get("InitialR2T"));
        assertEquals("None", answers.get("HeaderDigest"));
    }

    @Test
    public void textIsRefused() {
        String[] wrong = {
            "a", "a=1", "=1\0", "a=1\0a=2\0", "k".repeat(64) + "=1\0", "a=" + "v".repeat(256) + "\0", "a b=1\0"
        };
        for (String text : wrong) {
            assertThrows(text, TextException.class, () -> decode(text.getBytes(StandardCharsets.UTF_8)));
        }
        assertThrows(TextException.class, () -> decode(new byte[] {'a', '=', (byte) 0xFF, 0}));
    }

    @Test
    public void valuesHaveTheLengthThatTheyMayHave() throws TextException {
        for (String key : new String[] {"CHAP_C", "CHAP_R"}) {
            String longest = "0x" + "a".repeat(2048);
            assertEquals(
                    longest,
                    decode((key + "=" + longest + "\0").getBytes(StandardCharsets.UTF_8))
                            .get(key));
            byte[] tooLong = (key + "=" + longest + "a\0").getBytes(StandardCharsets.UTF_8);
            assertThrows(key, TextException.class, () -> decode(tooLong));
        }
        for (String key : new String[] {"CHAP_N", "CHAP_A", "CHAP_I", "TargetName", "X-any"}) {
            String longest = "v".repeat(255);
            assertEquals(
                    longest,
                    decode((key + "=" + longest + "\0").getBytes(StandardCharsets.UTF_8))
                            .get(key));
            byte[] tooLong = (key + "=" + longest + "v\0").getBytes(StandardCharsets.UTF_8);
            assertThrows(key, TextException.class, () -> decode(tooLong));
        }
    }

    @Test
    public void textIsRead() throws TextException {
        Map<String, String> pairs = decode("\0\0One=1\0\0Two=a=b,c\0Three=\0\0".getBytes(StandardCharsets.UTF_8));
        assertEquals(Map.of("One", "1", "Two", "a=b,c", "Three", ""), pairs);
        assertArrayEquals(
                "One=1\0".getBytes(StandardCharsets.UTF_8),
                TextCodec.encode(Map.of("One", "1").entrySet()));
    }

    private static Map<String, String> decode(byte[] text) throws TextException {
        TextCodec codec = new TextCodec();
        codec.add(text);
        return codec.take();
    }

    private static void assertRefused(Map<String, String> keys, boolean operational) {
        Negotiation negotiation = new Negotiation();
        assertThrows(TextException.class, () -> negotiation.answer(keys, operational));
        assertFalse(keys.isEmpty());
    }
}
