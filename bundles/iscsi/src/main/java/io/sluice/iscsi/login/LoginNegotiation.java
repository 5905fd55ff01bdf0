package io.sluice.iscsi.login;

import io.sluice.access.AccessControl;
import io.sluice.access.Admission;
import io.sluice.access.Caller;
import io.sluice.access.Grant;
import io.sluice.config.IscsiName;
import io.sluice.iscsi.auth.AuthException;
import io.sluice.iscsi.auth.Authentication;
import io.sluice.iscsi.auth.Challenges;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.iscsi.text.Negotiation;
import io.sluice.iscsi.text.TextCodec;
import io.sluice.iscsi.text.TextException;
import io.sluice.iscsi.text.TextKey;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The target's side of a login, from the first request to the last response (RFC 7143 6.3): messages in, messages out, no
 * socket and no clock. Any {@link LoginException} is the end of it.
 */
public final class LoginNegotiation implements AutoCloseable {

    /** The portal group of a portal of which nothing else is said. */
    public static final int TARGET_PORTAL_GROUP_TAG = 1;

    private static final int MAX_REQUESTS = 16;
    private static final int MAX_ANSWER_BYTES = 8_192;

    private enum State {
        BEGIN,
        NEGOTIATING,
        COMPLETE
    }

    private final TargetDirectory targets;
    private final AccessControl access;
    private final Challenges challenges;
    private final Arrival arrival;
    private final TextCodec text = new TextCodec();
    private final Negotiation negotiation = new Negotiation();
    private State state = State.BEGIN;
    private LoginStage stage;
    private LoginRequest first;
    private int requests;
    private IscsiName initiatorName;
    private IscsiName targetName;
    private Caller caller;
    private Admission admission;
    private Authentication authentication;
    private Admitted admitted;
    private ScsiTarget target;
    private boolean portalGroupTagSent;

    /**
     * @param targets where named targets are looked up
     * @param access who may use them
     * @param challenges those of all logins
     * @param arrival how the initiator has come
     */
    public LoginNegotiation(TargetDirectory targets, AccessControl access, Challenges challenges, Arrival arrival) {
        this.targets = targets;
        this.access = access;
        this.challenges = challenges;
        this.arrival = arrival;
    }

    /** The target takes so many connections in a session. */
    public LoginNegotiation maxConnections(int most) {
        negotiation.maxConnections(most);
        return this;
    }

    /**
     * Takes a request and returns the response to it.
     *
     * @throws LoginException if the login is refused
     */
    public LoginResponse answer(LoginRequest request) throws LoginException {
        if (state == State.BEGIN) {
            begin(request);
        }
        checkHeader(request);
        try {
            text.add(request.text());
            if (request.continued()) {
                return new LoginResponse(false, stage, stage, List.of());
            }
            return negotiate(request, text.take());
        } catch (TextException broken) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, broken.getMessage());
        }
    }

    /** Returns whether a secret is looked at to answer a request. */
    public boolean isProof(LoginRequest request) {
        return authentication != null && authentication.awaitsProof() && !request.continued();
    }

    private void begin(LoginRequest request) throws LoginException {
        if (request.versionMin() > 0) {
            throw new LoginException(LoginStatus.UNSUPPORTED_VERSION, "version " + request.versionMin() + " or later");
        }
        first = request;
        stage = LoginStage.of(request.currentStage());
        if (stage == LoginStage.FULL_FEATURE_PHASE) {
            throw new LoginException(LoginStatus.INVALID_DURING_LOGIN, "a login that begins in the full feature phase");
        }
        if (request.tsih() != 0) {
            negotiation.joins();
        }
        state = State.NEGOTIATING;
    }

    private void checkHeader(LoginRequest request) throws LoginException {
        boolean sameLogin = request.isid() == first.isid()
                && request.tsih() == first.tsih()
                && request.connectionId() == first.connectionId()
                && request.initiatorTaskTag() == first.initiatorTaskTag();
        if (state == State.COMPLETE || !sameLogin || LoginStage.of(request.currentStage()) != stage) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "a request that does not continue the login");
        }
        if (request.continued() && request.transits()) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "T and C bit together");
        }
        if (request.transits() && LoginStage.of(request.nextStage()).code() <= stage.code()) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "a transit that does not go forward");
        }
        if (++requests > MAX_REQUESTS) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "more than " + MAX_REQUESTS + " login requests");
        }
    }

    private LoginResponse negotiate(LoginRequest request, Map<String, String> offers)
            throws LoginException, TextException {
        boolean secures = stage == LoginStage.SECURITY_NEGOTIATION;
        if (secures && offers.isEmpty() && !request.transits()) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "a request that says nothing");
        }
        Map<String, String> proofs = secures ? takeProofs(offers) : Map.of();
        List<Map.Entry<String, String>> pairs = new ArrayList<>(answerOffers(offers, !secures));
        if (initiatorName == null) {
            identify();
        }
        boolean ready = admit(proofs, pairs, request.transits() || !secures);
        boolean moves = ready && request.transits();
        LoginStage next = moves ? LoginStage.of(request.nextStage()) : stage;
        if (next != LoginStage.SECURITY_NEGOTIATION && admission.redirect() != null) {
            throw LoginException.redirect(admission.redirect());
        }
        if (!negotiation.discovery() && !portalGroupTagSent) {
            portalGroupTagSent = true;
            pairs.add(Map.entry(
                    TextKey.TARGET_PORTAL_GROUP_TAG.key(),
                    Integer.toString(arrival.portal().group())));
        }
        if (TextCodec.encode(pairs).length > MAX_ANSWER_BYTES) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "more keys than one response can answer");
        }
        LoginResponse response = new LoginResponse(moves, stage, next, pairs);
        stage = next;
        if (stage == LoginStage.FULL_FEATURE_PHASE) {
            state = State.COMPLETE;
        }
        return response;
    }

    /** What proves who the initiator is, is no matter of negotiation. */
    private static Map<String, String> takeProofs(Map<String, String> offers) {
        Map<String, String> proofs = new LinkedHashMap<>(offers);
        proofs.keySet().removeIf(name -> {
            TextKey key = TextKey.find(name);
            return key == null || key.rule() != TextKey.Rule.AUTHENTICATION;
        });
        offers.keySet().removeAll(proofs.keySet());
        return proofs;
    }

    /** The session type decides what other keys mean, wherever it stands in the text. */
    private List<Map.Entry<String, String>> answerOffers(Map<String, String> offers, boolean operational)
            throws LoginException, TextException {
        String sessionType = offers.get(TextKey.SESSION_TYPE.key());
        if (sessionType != null && !TextKey.SESSION_TYPE.choices().contains(sessionType)) {
            throw new LoginException(LoginStatus.SESSION_TYPE_NOT_SUPPORTED, "SessionType is neither of the two");
        }
        List<Map.Entry<String, String>> answers = new ArrayList<>();
        if (sessionType != null) {
            answers.addAll(negotiation.answer(Map.of(TextKey.SESSION_TYPE.key(), sessionType), false));
            offers.remove(TextKey.SESSION_TYPE.key());
        }
        answers.addAll(negotiation.answer(offers, operational));
        return answers;
    }

    /** Of a target nothing is said here, not even that it is not there, unless nobody has anything to prove. */
    private void identify() throws LoginException {
        initiatorName = name(TextKey.INITIATOR_NAME);
        targetName = negotiation.discovery() ? null : name(TextKey.TARGET_NAME);
        caller = arrival.caller(initiatorName.value());
        admission = access.rules().admission(caller, targetName == null ? null : targetName.value());
        if (!admission.withoutProof() && !admission.byChap()) {
            throw new LoginException(LoginStatus.NOT_FOUND, admission.lack());
        }
        authentication = new Authentication(admission, challenges);
    }

    /**
     * Goes on with the authentication, and lets the initiator in when that is settled.
     *
     * @param leaves whether the initiator wants to be out of the security stage
     * @return whether it may
     */
    private boolean admit(Map<String, String> proofs, List<Map.Entry<String, String>> pairs, boolean leaves)
            throws LoginException {
        try {
            pairs.addAll(authentication.answer(proofs));
            boolean ready = leaves && authentication.leave();
            if (authentication.settled() && admitted == null) {
                Grant grant = admission
                        .grant(authentication.user())
                        .orElseThrow(() -> new LoginException(
                                LoginStatus.AUTHENTICATION_FAILURE, "nothing is granted to who was proven"));
                admitted = new Admitted(caller, authentication.user(), grant);
                if (targetName != null && admission.redirect() == null) {
                    target = openTarget();
                }
            }
            return ready;
        } catch (AuthException refused) {
            throw new LoginException(
                    refused.brokenProtocol() ? LoginStatus.INITIATOR_ERROR : LoginStatus.AUTHENTICATION_FAILURE,
                    refused.getMessage());
        }
    }

    private ScsiTarget openTarget() throws LoginException {
        ScsiTarget found = targets.find(targetName.value());
        if (found == null) {
            throw new LoginException(LoginStatus.NOT_FOUND, "no target " + targetName);
        }
        if (!found.enabled()) {
            throw new LoginException(LoginStatus.SERVICE_UNAVAILABLE, "target " + targetName + " is disabled");
        }
        return found;
    }

    private IscsiName name(TextKey key) throws LoginException {
        if (!negotiation.offered(key)) {
            throw new LoginException(LoginStatus.MISSING_PARAMETER, key.key() + " is missing");
        }
        try {
            return new IscsiName(negotiation.value(key));
        } catch (IllegalArgumentException malformed) {
            // A name that cannot exist is not found; an initiator's own has to be well-formed.
            LoginStatus status = key == TextKey.TARGET_NAME ? LoginStatus.NOT_FOUND : LoginStatus.INITIATOR_ERROR;
            throw new LoginException(status, malformed.getMessage());
        }
    }

    /** Returns the first request, which names the session. */
    public LoginRequest firstRequest() {
        return first;
    }

    /** Returns the initiator's name; null before it has been told. */
    public IscsiName initiatorName() {
        return initiatorName;
    }

    /** Returns the name of the target that the initiator asks for; null in a discovery session, and before it is told. */
    public IscsiName targetName() {
        return targetName;
    }

    /** Returns the target of a normal session whose initiator was let in, else null. */
    public ScsiTarget target() {
        return target;
    }

    /** Returns who was let in; null before that. */
    public Admitted admitted() {
        return admitted;
    }

    /** Returns the result. */
    public NegotiatedParameters parameters() {
        return negotiation.parameters();
    }

    /** The login is over, well or not. */
    @Override
    public void close() {
        if (authentication != null) {
            authentication.close();
        }
    }
}
