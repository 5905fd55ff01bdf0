package io.sluice.iscsi.auth;

import io.sluice.access.Admission;
import io.sluice.access.Credential;
import io.sluice.access.Grant;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.RedirectConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Knows one user, {@code esx1}, to whom the target proves itself as {@code disk} if it has a secret for that. */
record FakeAdmission(boolean withoutProof, boolean byChap, List<ChapAlgorithm> algorithms, String mutual)
        implements Admission {

    static final String USER = "esx1";
    static final String SECRET = "a secret of 20 bytes";
    static final String MUTUAL = "and one of the target";

    static FakeAdmission chap() {
        return new FakeAdmission(false, true, ChapAlgorithm.all(), MUTUAL);
    }

    @Override
    public Optional<Credential> credential(String user) {
        return user.equals(USER)
                ? Optional.of(new Credential(
                        bytes(SECRET), mutual == null ? null : "disk", mutual == null ? null : bytes(mutual)))
                : Optional.empty();
    }

    @Override
    public Optional<Grant> grant(String user) {
        return Optional.empty();
    }

    @Override
    public RedirectConfig redirect() {
        return null;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String lack() {
        return "this one is not known";
    }
}
