package io.sluice.iscsi.login;

import io.sluice.access.AccessRules;
import io.sluice.access.Caller;
import io.sluice.access.Grant;
import java.util.Objects;
import java.util.Optional;

/**
 * Who was let in, and to what.
 *
 * @param caller who he says that he is, and how he came
 * @param user the CHAP user that he has proven to be, or null
 * @param grant what he may reach
 */
public record Admitted(Caller caller, String user, Grant grant) {

    /**
     * Asks again what is granted to him.
     *
     * @param target name of the target; null in a discovery session
     * @return nothing if he would not be let in any more
     */
    public Optional<Admitted> again(AccessRules rules, String target) {
        return rules.admission(caller, target).grant(user).map(now -> new Admitted(caller, user, now));
    }

    /** Returns whether somebody has come in by the same right: as the same host, with the same proof. */
    public boolean sameRight(Admitted other) {
        return Objects.equals(user, other.user) && grant.by().equals(other.grant.by());
    }
}
