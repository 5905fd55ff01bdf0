package io.sluice.testkit.initiator;

import io.sluice.config.ChapAlgorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** A login with CHAP (RFC 7143 12.1.3) in steps, so that a test can do any of them wrong. */
public final class ChapLogin {

    private static final int SECURITY = 0x00;
    private static final int SECURITY_TO_OPERATIONAL = 0x81;

    private final TestInitiator initiator;
    private final Map<String, String> names;
    private Map<String, String> given = Map.of();

    /**
     * @param initiator connected, and not yet logged in
     * @param target the target that is asked for; null for a discovery session
     */
    public ChapLogin(TestInitiator initiator, String target) {
        this.initiator = initiator;
        this.names = initiator.names(target == null ? "Discovery" : "Normal", target);
    }

    /** Sends one login request with any flags and keys, and returns what came of it. */
    public LoginResult step(int flags, Map<String, String> keys) throws IOException {
        initiator.send(initiator.loginRequest(flags).data(TextPairs.encode(keys)));
        RawPdu response = initiator.expect(RawPdu.LOGIN_RESPONSE);
        return new LoginResult(response.int16(36), response.int16(14), TextPairs.decode(response.data()));
    }

    /** Sends the names and a list of methods. */
    public LoginResult offer(String methods) throws IOException {
        Map<String, String> keys = new LinkedHashMap<>(names);
        keys.put("AuthMethod", methods);
        return step(SECURITY, keys);
    }

    /** Offers CHAP and a list of algorithms, and keeps the challenge. Fails if the first is refused. */
    public LoginResult challenge(String algorithms) throws IOException {
        LoginResult method = offer("CHAP");
        if (method.status() != 0) {
            throw new AssertionError(String.format("CHAP refused with %04x", method.status()));
        }
        LoginResult result = step(SECURITY, Map.of("CHAP_A", algorithms));
        given = result.keys();
        return result;
    }

    /** Returns the challenge as it came. */
    public String challenge() {
        return given.get("CHAP_C");
    }

    /** Returns the keys that answer the challenge. */
    public Map<String, String> proof(String user, String secret) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("CHAP_N", user);
        keys.put("CHAP_R", response(given.get("CHAP_A"), given.get("CHAP_I"), given.get("CHAP_C"), secret));
        return keys;
    }

    /** Sends the answer to the challenge, and wants to go on to the operational stage. */
    public LoginResult prove(Map<String, String> keys) throws IOException {
        return step(SECURITY_TO_OPERATIONAL, keys);
    }

    /** Returns the response that a secret makes of a challenge in hexadecimal digits. */
    public static String response(String algorithm, String identifier, String challenge, String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance(
                    ChapAlgorithm.of(Long.parseLong(algorithm)).digest());
            digest.update((byte) Integer.parseInt(identifier));
            digest.update(secret.getBytes(StandardCharsets.UTF_8));
            digest.update(HexFormat.of().parseHex(challenge.substring(2)));
            return "0x" + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException unknown) {
            throw new AssertionError(unknown);
        }
    }

    /** Goes through the security stage with one algorithm and returns what came of it. */
    public LoginResult authenticate(ChapAlgorithm algorithm, String user, String secret) throws IOException {
        LoginResult challenged = challenge(Integer.toString(algorithm.number()));
        return challenged.status() != 0 ? challenged : prove(proof(user, secret));
    }

    /** Goes from the operational stage to the full feature phase, and returns the initiator; fails if that is refused. */
    public TestInitiator finish() throws IOException {
        Map<String, String> keys =
                new HashMap<>(names.containsKey("TargetName") ? TestInitiator.OPERATIONAL_KEYS : Map.of());
        LoginResult result = initiator.tryLogin(keys);
        if (result.status() != 0) {
            throw new AssertionError(String.format("login refused with %04x", result.status()));
        }
        return initiator;
    }

    /** Logs in with MD5, which everybody has; fails if that is refused. */
    public TestInitiator login(String user, String secret) throws IOException {
        LoginResult result = authenticate(ChapAlgorithm.MD5, user, secret);
        if (result.status() != 0) {
            throw new AssertionError(String.format("login refused with %04x", result.status()));
        }
        return finish();
    }
}
