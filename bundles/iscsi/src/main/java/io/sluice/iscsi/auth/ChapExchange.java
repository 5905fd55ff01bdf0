package io.sluice.iscsi.auth;

import io.sluice.access.Admission;
import io.sluice.access.Credential;
import io.sluice.config.ChapAlgorithm;
import io.sluice.iscsi.text.Negotiation;
import io.sluice.iscsi.text.TextKey;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CHAP from the target's side (RFC 7143 12.1.3): an algorithm is chosen and a challenge given, then the initiator answers it and
 * may give one of its own. Whether there is such a user, or only the secret is wrong, makes no difference in what is done.
 */
final class ChapExchange {

    private static final int MAX_IDENTIFIER = 255;

    /** What is computed with for a user whom nobody knows. It never lets anybody in. */
    private static final byte[] NOBODYS_SECRET = new byte[16];

    private final Admission admission;
    private final Challenges challenges;
    private ChapAlgorithm algorithm;
    private int identifier;
    private byte[] challenge;

    ChapExchange(Admission admission, Challenges challenges) {
        this.admission = admission;
        this.challenges = challenges;
    }

    /** Takes the first algorithm of the initiator's list that may be used, and gives a challenge as long as a response. */
    List<Map.Entry<String, String>> challenge(String offeredAlgorithms) throws AuthException {
        for (String offered : offeredAlgorithms.split(",", -1)) {
            ChapAlgorithm candidate = ChapAlgorithm.of(Negotiation.parse(offered));
            if (candidate != null && admission.algorithms().contains(candidate)) {
                algorithm = candidate;
                identifier = challenges.nextIdentifier();
                challenge = challenges.next(candidate.lengthBytes());
                return List.of(
                        Map.entry(TextKey.CHAP_A.key(), Integer.toString(candidate.number())),
                        Map.entry(TextKey.CHAP_I.key(), Integer.toString(identifier)),
                        Map.entry(TextKey.CHAP_C.key(), LargeBinary.encode(challenge)));
            }
        }
        throw AuthException.failed("no algorithm of CHAP in common");
    }

    /**
     * Checks the answer to the challenge, and answers that of the initiator if it gives one.
     *
     * @param keys CHAP_N and CHAP_R, and CHAP_I and CHAP_C both or neither
     */
    List<Map.Entry<String, String>> verify(Map<String, String> keys) throws AuthException {
        String user = keys.get(TextKey.CHAP_N.key());
        byte[] response = LargeBinary.decode(TextKey.CHAP_R.key(), keys.get(TextKey.CHAP_R.key()));
        Optional<Credential> known = admission.credential(user);
        byte[] secret = known.map(Credential::secret).orElse(NOBODYS_SECRET);
        boolean proven =
                MessageDigest.isEqual(ChapResponse.compute(algorithm, identifier, secret, challenge), response);
        if (known.isEmpty()) {
            throw AuthException.failed(
                    admission.lack() + ", and CHAP user '" + printable(user) + "' is not one that may get in");
        }
        if (!proven) {
            throw AuthException.failed("CHAP user '" + printable(user) + "' has a wrong secret");
        }
        return keys.containsKey(TextKey.CHAP_C.key()) ? prove(keys, known.get()) : List.of();
    }

    private List<Map.Entry<String, String>> prove(Map<String, String> keys, Credential credential)
            throws AuthException {
        long theirIdentifier = Negotiation.parse(keys.get(TextKey.CHAP_I.key()));
        byte[] theirChallenge = LargeBinary.decode(TextKey.CHAP_C.key(), keys.get(TextKey.CHAP_C.key()));
        if (theirIdentifier < 0 || theirIdentifier > MAX_IDENTIFIER) {
            throw AuthException.failed("CHAP_I is not a number of one byte");
        }
        if (challenges.isOwn(theirChallenge)) {
            throw AuthException.failed("a challenge of this gateway came back to be answered by it");
        }
        if (credential.mutualSecret() == null) {
            throw AuthException.failed("the target is asked to prove itself, and has no secret for that");
        }
        if (MessageDigest.isEqual(credential.secret(), credential.mutualSecret())) {
            throw AuthException.failed("both directions have the same secret; give them different ones");
        }
        byte[] answer =
                ChapResponse.compute(algorithm, (int) theirIdentifier, credential.mutualSecret(), theirChallenge);
        return List.of(
                Map.entry(TextKey.CHAP_N.key(), credential.mutualUser()),
                Map.entry(TextKey.CHAP_R.key(), LargeBinary.encode(answer)));
    }

    /** The challenge is not answered any more. */
    void close() {
        if (challenge != null) {
            challenges.forget(challenge);
        }
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}
