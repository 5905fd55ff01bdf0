package io.sluice.iscsi.auth;

import static io.sluice.iscsi.auth.FakeAdmission.MUTUAL;
import static io.sluice.iscsi.auth.FakeAdmission.SECRET;
import static io.sluice.iscsi.auth.FakeAdmission.USER;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ChapAlgorithm;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** The security stage, step by step (RFC 7143 12.1). */
public final class AuthenticationTest {

    private final Challenges challenges = new Challenges();
    private Authentication authentication = begin(FakeAdmission.chap());

    private Authentication begin(FakeAdmission admission) {
        authentication = new Authentication(admission, challenges);
        return authentication;
    }

    @Test
    public void responsesAreWhatOthersCompute() {
        Map<ChapAlgorithm, String> known = Map.of(
                ChapAlgorithm.MD5, "beed06ae7ce2cbfa276f4ba739c19175",
                ChapAlgorithm.SHA1, "97f4a8f470e5321be6eff850b4b15ae9f4149ad9",
                ChapAlgorithm.SHA256, "9430b33a5e230cd401f81d9e460dbb276eea6e78375d14a86b7445677f0d53c9",
                ChapAlgorithm.SHA3_256, "2e2b1954f271fc608446ffe4c470d4fa295ed12cc85066873276cccee6be68c8");
        byte[] challenge = new byte[16];
        for (int i = 0; i < challenge.length; i++) {
            challenge[i] = (byte) i;
        }
        for (ChapAlgorithm algorithm : ChapAlgorithm.values()) {
            byte[] response = ChapResponse.compute(algorithm, 0x7A, FakeAdmission.bytes(SECRET), challenge);
            assertEquals(known.get(algorithm), HexFormat.of().formatHex(response));
            assertEquals(algorithm.lengthBytes(), response.length);
        }
    }

    @Test
    public void everyAlgorithmLetsIn() throws AuthException {
        for (ChapAlgorithm algorithm : ChapAlgorithm.values()) {
            begin(FakeAdmission.chap());
            Map<String, String> given = challenge(Integer.toString(algorithm.number()));
            assertEquals(Integer.toString(algorithm.number()), given.get("CHAP_A"));
            assertEquals(2 + 2 * algorithm.lengthBytes(), given.get("CHAP_C").length());
            assertFalse(authentication.settled());
            assertEquals(Map.of(), answer(proof(given, algorithm, USER, SECRET)));
            assertTrue(authentication.settled());
            assertTrue(authentication.leave());
            assertEquals(USER, authentication.user());
        }
    }

    @Test
    public void theInitiatorsOrderCounts() throws AuthException {
        assertEquals("7", challenge("99,7,5").get("CHAP_A"));
        begin(FakeAdmission.chap());
        assertEquals("5", challenge("0x5,8").get("CHAP_A"));
        begin(new FakeAdmission(false, true, List.of(ChapAlgorithm.SHA256), null));
        assertEquals("7", challenge("5,6,7").get("CHAP_A"));
        for (String list : new String[] {"5", "56", "", ",", "5,", "-7", "4294967303", "7 ", "5,6,8,".repeat(30)}) {
            begin(new FakeAdmission(false, true, List.of(ChapAlgorithm.SHA256), null));
            assertFailed(list, () -> challenge(list));
        }
    }

    @Test
    public void methods() throws AuthException {
        String[][] rows = {
            // offered, without proof?, by CHAP?, chosen
            {"None", "yes", "no", "None"},
            {"CHAP", "no", "yes", "CHAP"},
            {"CHAP,None", "yes", "yes", "CHAP"},
            {"None,CHAP", "yes", "yes", "None"},
            {"None,CHAP", "no", "yes", "CHAP"},
            {"CHAP,None", "yes", "no", "None"},
            {"KRB5,SRP,CHAP", "no", "yes", "CHAP"},
            {"None", "no", "yes", null},
            {"CHAP", "yes", "no", null},
            {"chap", "no", "yes", null},
            {"", "yes", "yes", null},
            {"KRB5", "yes", "yes", null},
        };
        for (String[] row : rows) {
            FakeAdmission admission =
                    new FakeAdmission(row[1].equals("yes"), row[2].equals("yes"), ChapAlgorithm.all(), null);
            begin(admission);
            if (row[3] == null) {
                assertFailed(row[0], () -> answer(Map.of("AuthMethod", row[0])));
            } else {
                assertEquals(Map.of("AuthMethod", row[3]), answer(Map.of("AuthMethod", row[0])));
                assertEquals(row[3].equals("None"), authentication.settled());
            }
        }
    }

    @Test
    public void nobodyLeavesWithoutProof() throws AuthException {
        assertFailed("at once", () -> authentication.leave());
        begin(FakeAdmission.chap());
        answer(Map.of());
        assertFailed("after nothing", () -> authentication.leave());
        begin(FakeAdmission.chap());
        answer(Map.of("AuthMethod", "CHAP"));
        assertFalse("after the method", authentication.leave());
        answer(Map.of("CHAP_A", "5"));
        assertFalse("after the algorithm", authentication.leave());
        assertNull(authentication.user());
        begin(new FakeAdmission(true, true, ChapAlgorithm.all(), null));
        assertTrue(authentication.leave());
        assertNull(authentication.user());
    }

    @Test
    public void wrongProofs() throws AuthException {
        Map<String, String> given = challenge("5");
        Map<String, String> right = proof(given, ChapAlgorithm.MD5, USER, SECRET);
        String response = right.get("CHAP_R");
        String[][] wrong = {
            {USER, "0x" + "0".repeat(32)},
            {USER, response + "00"},
            {USER, response.substring(0, 32)},
            {USER, response.substring(0, 33)},
            {USER, response.substring(2)},
            {USER, "0x" + "ab".repeat(1000)},
            {USER, "0b" + "A".repeat(128)},
            {USER, ""},
            {USER, "0x00"},
            {"esx2", response},
            {"ESX1", response},
            {"0x" + USER, response},
            {"0b" + USER, response},
            {"", response},
        };
        for (String[] row : wrong) {
            begin(FakeAdmission.chap());
            Map<String, String> now = challenge("5");
            String answer = row[1].equals(response)
                    ? proof(now, ChapAlgorithm.MD5, USER, SECRET).get("CHAP_R")
                    : row[1];
            assertFailed(Arrays.toString(row), () -> answer(Map.of("CHAP_N", row[0], "CHAP_R", answer)));
            assertNull(authentication.user());
            assertFalse(authentication.settled());
        }
    }

    @Test
    public void aResponseInBase64() throws AuthException {
        Map<String, String> given = challenge("5");
        byte[] response = LargeBinary.decode(
                "", proof(given, ChapAlgorithm.MD5, USER, SECRET).get("CHAP_R"));
        answer(Map.of("CHAP_N", USER, "CHAP_R", "0b" + Base64.getEncoder().encodeToString(response)));
        assertTrue(authentication.settled());
    }

    @Test
    public void aCapturedExchangeProvesNothing() throws AuthException {
        Map<String, String> captured = proof(challenge("5"), ChapAlgorithm.MD5, USER, SECRET);
        answer(captured);
        begin(FakeAdmission.chap());
        challenge("5");
        assertFailed("replay", () -> answer(captured));
    }

    @Test
    public void bothSidesProveThemselves() throws AuthException {
        for (ChapAlgorithm algorithm : ChapAlgorithm.values()) {
            begin(FakeAdmission.chap());
            Map<String, String> given = challenge(Integer.toString(algorithm.number()));
            Map<String, String> keys = proof(given, algorithm, USER, SECRET);
            byte[] own = {1, 2, 3};
            keys.put("CHAP_I", "200");
            keys.put("CHAP_C", "0x010203");
            byte[] expected = ChapResponse.compute(algorithm, 200, FakeAdmission.bytes(MUTUAL), own);
            assertEquals(Map.of("CHAP_N", "disk", "CHAP_R", LargeBinary.encode(expected)), answer(keys));
            assertTrue(authentication.settled());
        }
    }

    @Test
    public void aTargetThatCannotProveItself() throws AuthException {
        for (String mutual : new String[] {null, SECRET}) {
            begin(new FakeAdmission(false, true, ChapAlgorithm.all(), mutual));
            Map<String, String> keys = mutual(challenge("5"), "1", "0x010203");
            assertFailed("secret " + mutual, () -> answer(keys));
        }
    }

    @Test
    public void challengesOfTheInitiator() throws AuthException {
        answer(mutual(challenge("5"), "0", "0x01"));
        begin(FakeAdmission.chap());
        answer(mutual(challenge("5"), "0xFF", "0x" + "ab".repeat(1024)));
        String[][] wrong = {
            {"256", "0x010203"},
            {"-1", "0x010203"},
            {"", "0x010203"},
            {"1", "0x" + "ab".repeat(1025)},
            {"1", "0x"},
            {"1", "12"}
        };
        for (String[] row : wrong) {
            begin(FakeAdmission.chap());
            Map<String, String> keys = mutual(challenge("5"), row[0], row[1]);
            assertFailed(Arrays.toString(row), () -> answer(keys));
        }
    }

    @Test
    public void noChallengeOfTheGatewayIsAnswered() throws AuthException {
        Authentication other = begin(FakeAdmission.chap());
        String othersChallenge = challenge("5").get("CHAP_C");
        Authentication own = begin(FakeAdmission.chap());
        Map<String, String> given = challenge("5");
        assertFailed("another's", () -> answer(mutual(given, "1", othersChallenge)));
        own.close();
        begin(FakeAdmission.chap());
        Map<String, String> again = challenge("5");
        assertFailed(
                "its own",
                () -> answer(
                        mutual(again, "1", again.get("CHAP_C").toUpperCase().replace("0X", "0x"))));
        authentication.close();
        other.close();
        assertEquals(0, challenges.count());
    }

    @Test
    public void orderAndRepetition() throws AuthException {
        assertBroken(Map.of("CHAP_A", "5"));
        assertBroken(Map.of("AuthMethod", "CHAP", "CHAP_A", "5"));
        answer(Map.of("AuthMethod", "CHAP"));
        assertBroken(Map.of("AuthMethod", "CHAP"));
        assertBroken(Map.of("CHAP_A", "5", "CHAP_N", USER));
        assertFailed("no algorithm", () -> answer(Map.of()));
        begin(FakeAdmission.chap());
        Map<String, String> given = challenge("5");
        assertBroken(Map.of("CHAP_A", "5"));
        Map<String, String> proof = proof(given, ChapAlgorithm.MD5, USER, SECRET);
        for (String missing : List.of("CHAP_N", "CHAP_R")) {
            assertFailed("without " + missing, () -> answer(without(proof, missing)));
        }
        for (String missing : List.of("CHAP_I", "CHAP_C")) {
            assertFailed("without " + missing, () -> answer(without(mutual(given, "1", "0x010203"), missing)));
        }
        assertFailed("no proof", () -> answer(Map.of()));
        answer(proof);
        assertBroken(proof);
        assertEquals(Map.of(), answer(Map.of()));
    }

    @Test
    public void noMessageHasASecret() throws AuthException {
        Map<String, String> given = challenge("5");
        AuthException wrong = assertThrows(
                AuthException.class, () -> answer(proof(given, ChapAlgorithm.MD5, USER, "a wrong secret of 25 bytes")));
        assertTrue(wrong.getMessage(), wrong.getMessage().contains("'esx1' has a wrong secret"));
        for (String secret : new String[] {SECRET, MUTUAL, "a wrong secret of 25"}) {
            assertFalse(wrong.toString(), wrong.toString().contains(secret));
            assertFalse(FakeAdmission.chap().credential(USER).toString().contains(secret));
        }
        assertFalse(
                wrong.toString(), wrong.toString().contains(given.get("CHAP_C").substring(2)));
    }

    private Map<String, String> challenge(String algorithms) throws AuthException {
        answer(Map.of("AuthMethod", "CHAP"));
        return answer(Map.of("CHAP_A", algorithms));
    }

    private Map<String, String> answer(Map<String, String> keys) throws AuthException {
        Map<String, String> pairs = new LinkedHashMap<>();
        authentication.answer(keys).forEach(pair -> pairs.put(pair.getKey(), pair.getValue()));
        return pairs;
    }

    private static Map<String, String> proof(
            Map<String, String> given, ChapAlgorithm algorithm, String user, String secret) throws AuthException {
        byte[] response = ChapResponse.compute(
                algorithm,
                Integer.parseInt(given.get("CHAP_I")),
                FakeAdmission.bytes(secret),
                LargeBinary.decode("CHAP_C", given.get("CHAP_C")));
        return new LinkedHashMap<>(Map.of("CHAP_N", user, "CHAP_R", LargeBinary.encode(response)));
    }

    private static Map<String, String> mutual(Map<String, String> given, String identifier, String challenge)
            throws AuthException {
        Map<String, String> keys = proof(given, ChapAlgorithm.MD5, USER, SECRET);
        keys.put("CHAP_I", identifier);
        keys.put("CHAP_C", challenge);
        return keys;
    }

    private static Map<String, String> without(Map<String, String> keys, String key) {
        Map<String, String> rest = new LinkedHashMap<>(keys);
        rest.remove(key);
        return rest;
    }

    private interface Step {
        void run() throws AuthException;
    }

    private static void assertFailed(String what, Step step) {
        assertFalse(what, assertThrows(what, AuthException.class, step::run).brokenProtocol());
    }

    private void assertBroken(Map<String, String> keys) {
        assertTrue(assertThrows(AuthException.class, () -> answer(keys)).brokenProtocol());
    }
}
