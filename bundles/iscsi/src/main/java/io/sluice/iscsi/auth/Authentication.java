package io.sluice.iscsi.auth;

import io.sluice.access.Admission;
import io.sluice.iscsi.text.TextKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The security stage of a login (RFC 7143 6.3.2, 12.1) from the target's side: keys in, keys out, no socket and no clock. The keys of
 * each step come together in one request, in this order and once. Any {@link AuthException} is the end of it.
 */
public final class Authentication implements AutoCloseable {

    private static final String NONE = "None";
    private static final String CHAP = "CHAP";

    private static final Set<String> METHOD_KEYS = Set.of(TextKey.AUTH_METHOD.key());
    private static final Set<String> ALGORITHM_KEYS = Set.of(TextKey.CHAP_A.key());
    private static final Set<String> PROOF_KEYS = Set.of(TextKey.CHAP_N.key(), TextKey.CHAP_R.key());
    private static final Set<String> MUTUAL_KEYS = Set.of(TextKey.CHAP_I.key(), TextKey.CHAP_C.key());

    private enum Step {
        METHOD,
        ALGORITHM,
        PROOF,
        SETTLED
    }

    private final Admission admission;
    private final ChapExchange chap;
    private Step step = Step.METHOD;
    private String user;

    /**
     * @param admission what the rules say to the one who logs in
     * @param challenges those of all logins
     */
    public Authentication(Admission admission, Challenges challenges) {
        this.admission = admission;
        this.chap = new ChapExchange(admission, challenges);
    }

    /**
     * Answers the keys of one request of the security stage.
     *
     * @param keys those of {@link TextKey.Rule#AUTHENTICATION}; none before the first of them is no fault
     */
    public List<Map.Entry<String, String>> answer(Map<String, String> keys) throws AuthException {
        switch (step) {
            case METHOD:
                return keys.isEmpty() ? List.of() : choose(require(keys, METHOD_KEYS, Set.of()));
            case ALGORITHM:
                step = Step.PROOF;
                return chap.challenge(require(keys, ALGORITHM_KEYS, Set.of()).get(TextKey.CHAP_A.key()));
            case PROOF:
                List<Map.Entry<String, String>> answer = chap.verify(require(keys, PROOF_KEYS, MUTUAL_KEYS));
                user = keys.get(TextKey.CHAP_N.key());
                step = Step.SETTLED;
                return answer;
            default:
                require(keys, Set.of(), Set.of());
                return List.of();
        }
    }

    private List<Map.Entry<String, String>> choose(Map<String, String> keys) throws AuthException {
        String chosen = null;
        for (String offered : keys.get(TextKey.AUTH_METHOD.key()).split(",", -1)) {
            boolean possible =
                    offered.equals(CHAP) ? admission.byChap() : offered.equals(NONE) && admission.withoutProof();
            if (possible) {
                chosen = offered;
                break;
            }
        }
        if (chosen == null) {
            throw AuthException.failed("no authentication method in common: " + admission.lack());
        }
        step = chosen.equals(CHAP) ? Step.ALGORITHM : Step.SETTLED;
        return List.of(Map.entry(TextKey.AUTH_METHOD.key(), chosen));
    }

    /** Keys that are missing prove nothing; keys that have no place there are a fault of the initiator. */
    private static Map<String, String> require(Map<String, String> keys, Set<String> needed, Set<String> together)
            throws AuthException {
        for (String key : keys.keySet()) {
            if (!needed.contains(key) && !together.contains(key)) {
                throw AuthException.broken("key " + key + " has no place in this step of the authentication");
            }
        }
        boolean some = together.stream().anyMatch(keys::containsKey);
        if (!keys.keySet().containsAll(needed) || some && !keys.keySet().containsAll(together)) {
            throw AuthException.failed("keys of the authentication are missing");
        }
        return keys;
    }

    /**
     * The initiator wants to leave the security stage, or never to enter it. Without a method it has to be let in without proof.
     *
     * @return whether it may
     * @throws AuthException if it never may
     */
    public boolean leave() throws AuthException {
        if (step == Step.METHOD) {
            if (!admission.withoutProof()) {
                throw AuthException.failed("nothing was proven: " + admission.lack());
            }
            step = Step.SETTLED;
        }
        return settled();
    }

    /** Returns whether the initiator has proven what it wanted to, which may be nothing. */
    public boolean settled() {
        return step == Step.SETTLED;
    }

    /** Returns whether the next request proves something, or fails to. */
    public boolean awaitsProof() {
        return step == Step.PROOF;
    }

    /** Returns the CHAP user that the initiator has proven to be, or null. */
    public String user() {
        return user;
    }

    /** The login is over. */
    @Override
    public void close() {
        chap.close();
    }
}
