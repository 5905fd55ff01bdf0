package io.sluice.access;

import io.sluice.config.AddressText;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.RedirectConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The answer to one caller.
 *
 * @param candidates who he may be
 * @param known whether there is what he asks for
 * @param mustProve whether he does not get in without proof, whoever he may be
 * @param anybodyProves whether CHAP is begun with somebody who cannot succeed
 */
record CallerAdmission(
        Caller caller,
        List<Candidate> candidates,
        boolean known,
        boolean mustProve,
        boolean anybodyProves,
        List<ChapAlgorithm> algorithms,
        RedirectConfig redirect,
        Secrets secrets)
        implements Admission {

    @Override
    public boolean withoutProof() {
        return !mustProve && candidates.stream().anyMatch(candidate -> candidate.chap() == null);
    }

    @Override
    public boolean byChap() {
        return candidates.stream().anyMatch(candidate -> candidate.chap() != null) || anybodyProves && !withoutProof();
    }

    @Override
    public String lack() {
        if (!known) {
            return "there is no such target";
        }
        return candidates.isEmpty()
                ? "nothing allows the target to an initiator of this name that comes this way"
                : "it has to prove who it is by CHAP";
    }

    @Override
    public Optional<Credential> credential(String user) {
        return candidates.stream()
                .filter(candidate -> candidate.chap() != null && candidate.provenBy(user))
                .min(Comparator.comparing(Candidate::exactness))
                .flatMap(this::credential);
    }

    private Optional<Credential> credential(Candidate candidate) {
        byte[] secret = secrets.find(candidate.chap().secret());
        ChapConfig mutual = candidate.host().mutual();
        byte[] mutualSecret = mutual == null ? null : secrets.find(mutual.secret());
        return secret == null
                ? Optional.empty()
                : Optional.of(new Credential(secret, mutualSecret == null ? null : mutual.user(), mutualSecret));
    }

    @Override
    public Optional<Grant> grant(String user) {
        if (mustProve && user == null) {
            return Optional.empty();
        }
        return candidates.stream()
                .filter(candidate -> candidate.provenBy(user))
                .min(Comparator.comparing(Candidate::exactness))
                .map(candidate -> grant(candidate, user));
    }

    private Grant grant(Candidate candidate, String user) {
        String by = candidate.host() == null ? "" : candidate.host().name();
        String principal = user == null ? AddressText.of(caller.remote()) : "CHAP user " + user;
        GrantConfig what = candidate.grant();
        return what == null
                ? new Grant(by, List.of(), false, false, principal)
                : new Grant(by, what.luns(), what.readOnly(), what.manage(), principal);
    }
}
