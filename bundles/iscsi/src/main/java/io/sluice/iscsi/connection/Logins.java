package io.sluice.iscsi.connection;

import io.sluice.access.AccessControl;
import io.sluice.iscsi.auth.Challenges;
import io.sluice.iscsi.login.Arrival;
import io.sluice.iscsi.login.FailedLogins;
import io.sluice.iscsi.login.LoginNegotiation;
import io.sluice.iscsi.login.TargetDirectory;
import io.sluice.iscsi.session.SessionJournal;

/**
 * What the logins of a server have in common.
 *
 * @param targets where named targets are looked up
 * @param access who may use them
 * @param challenges those of all logins that are under way
 * @param failed logins that have proven nothing
 * @param journal is told of refusals
 */
public record Logins(
        TargetDirectory targets,
        AccessControl access,
        Challenges challenges,
        FailedLogins failed,
        SessionJournal journal) {

    LoginNegotiation begin(Arrival arrival) {
        return new LoginNegotiation(targets, access, challenges, arrival);
    }
}
