package io.sluice.access;

import io.sluice.config.ChapAlgorithm;
import io.sluice.config.RedirectConfig;
import java.util.List;
import java.util.Optional;

/** What the rules say to somebody who wants in, before and after he has proven who he is. Immutable. */
public interface Admission {

    /** Returns whether he gets in without proof. */
    boolean withoutProof();

    /**
     * Returns whether CHAP may be begun. It may where it cannot succeed too, so that nobody learns from it what is there.
     */
    boolean byChap();

    /** Returns the algorithms that may be used. */
    List<ChapAlgorithm> algorithms();

    /** Returns the credential of a CHAP user with whom he may get in, or nothing. */
    Optional<Credential> credential(String user);

    /**
     * Returns what he may reach; nothing if he does not get in. Of a discovery session it says only that he gets in.
     *
     * @param user the CHAP user that he has proven to be, or null
     */
    Optional<Grant> grant(String user);

    /** Returns what he lacks to get in without proof, for the operator alone: whoever is refused must not learn it. */
    String lack();

    /** Returns where he is sent once he has got in, or null. */
    RedirectConfig redirect();
}
