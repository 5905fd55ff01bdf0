package io.sluice.iscsi.login;

import io.sluice.config.IscsiName;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.iscsi.text.Negotiation;
import io.sluice.iscsi.text.TextCodec;
import io.sluice.iscsi.text.TextException;
import io.sluice.iscsi.text.TextKey;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The target's side of a login, from the first request to the last response (RFC 7143 6.3): messages in, messages out, no
 * socket and no clock. Any {@link LoginException} is the end of it.
 */
public final class LoginNegotiation {

    /** The portal group of every portal. */
    public static final int TARGET_PORTAL_GROUP_TAG = 1;

    private static final int MAX_REQUESTS = 16;
    private static final int MAX_ANSWER_BYTES = 8_192;

    private enum State {
        BEGIN,
        NEGOTIATING,
        COMPLETE
    }

    private final TargetDirectory targets;
    private final TextCodec text = new TextCodec();
    private final Negotiation negotiation = new Negotiation();
    private State state = State.BEGIN;
    private LoginStage stage;
    private LoginRequest first;
    private int requests;
    private IscsiName initiatorName;
    private ScsiTarget target;
    private boolean portalGroupTagSent;

    /** @param targets where named targets are looked up */
    public LoginNegotiation(TargetDirectory targets) {
        this.targets = targets;
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

    private void begin(LoginRequest request) throws LoginException {
        if (request.versionMin() > 0) {
            throw new LoginException(LoginStatus.UNSUPPORTED_VERSION, "version " + request.versionMin() + " or later");
        }
        first = request;
        stage = LoginStage.of(request.currentStage());
        if (stage == LoginStage.FULL_FEATURE_PHASE) {
            throw new LoginException(LoginStatus.INVALID_DURING_LOGIN, "a login that begins in the full feature phase");
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
        boolean operational = stage == LoginStage.OPERATIONAL_NEGOTIATION;
        List<Map.Entry<String, String>> pairs = new ArrayList<>(answerOffers(offers, operational));
        if (initiatorName == null) {
            identify();
        }
        if (target != null && !portalGroupTagSent) {
            portalGroupTagSent = true;
            pairs.add(Map.entry(TextKey.TARGET_PORTAL_GROUP_TAG.key(), Integer.toString(TARGET_PORTAL_GROUP_TAG)));
        }
        if (TextCodec.encode(pairs).length > MAX_ANSWER_BYTES) {
            throw new LoginException(LoginStatus.INITIATOR_ERROR, "more keys than one response can answer");
        }
        if (!request.transits()) {
            return new LoginResponse(false, stage, stage, pairs);
        }
        LoginStage from = stage;
        stage = LoginStage.of(request.nextStage());
        if (stage == LoginStage.FULL_FEATURE_PHASE) {
            state = State.COMPLETE;
        }
        return new LoginResponse(true, from, stage, pairs);
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
        for (Map.Entry<String, String> answer : answers) {
            if (answer.getKey().equals(TextKey.AUTH_METHOD.key())
                    && answer.getValue().equals(Negotiation.REJECT)) {
                throw new LoginException(LoginStatus.AUTHENTICATION_FAILURE, "no authentication method in common");
            }
        }
        return answers;
    }

    private void identify() throws LoginException {
        initiatorName = name(TextKey.INITIATOR_NAME);
        if (negotiation.discovery()) {
            return;
        }
        IscsiName wanted = name(TextKey.TARGET_NAME);
        ScsiTarget found = targets.find(wanted.value());
        if (found == null) {
            throw new LoginException(LoginStatus.NOT_FOUND, "no target " + wanted);
        }
        if (!found.enabled()) {
            throw new LoginException(LoginStatus.SERVICE_UNAVAILABLE, "target " + wanted + " is disabled");
        }
        target = found;
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

    /** Returns the target of a normal session, else null. */
    public ScsiTarget target() {
        return target;
    }

    /** Returns the result. */
    public NegotiatedParameters parameters() {
        return negotiation.parameters();
    }
}
